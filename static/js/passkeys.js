// Says in words what the browser did with a passkey request; where there are no passkeys, they are not offered.
const REASONS = { InvalidStateError: "known", SecurityError: "unable", NotSupportedError: "unable", TypeError: "unable" };

export function startPasskeys() {
  document.addEventListener("allauth.error", (event) => {
    const box = document.querySelector("[data-passkey-trouble]");
    if (!box) return;
    event.preventDefault();
    const reason = REASONS[event.detail.exception?.name] ?? "refused";
    for (const text of box.querySelectorAll("[data-when]")) text.hidden = text.dataset.when !== reason;
    box.hidden = false;
  });
  addEventListener("DOMContentLoaded", () => {
    if (!window.PublicKeyCredential)
      for (const offer of document.querySelectorAll("[data-passkeys]")) offer.hidden = true;
  });
}
