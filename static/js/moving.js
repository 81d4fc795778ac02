// What becomes of a card that was moved: the dialog's form is sent, or the page says why it stays.

// The name of the card's customer and the way to its page, in the dialog or in the message.
export function tell(place, card) {
  const link = card.querySelector("[data-card]");
  place.querySelector("[data-name]").textContent = link.textContent;
  place.querySelector("[data-project]").href = link.href;
  return place;
}

// Where the form moves the card, and where it comes back to.
export function aim(form, card) {
  form.action = card.querySelector("[data-card]").dataset.movesAt;
  form.elements.back.value = location.pathname + location.search;
}

export function hand(card, column) {
  const form = document.querySelector("#move [data-moves]");
  if (!form || !column.dataset.stage) return say(card);
  aim(form, card);
  form.elements.stage.value = `stage:${column.dataset.stage}`;
  form.requestSubmit();
}

function say(card) {
  const toasts = document.getElementById("toasts");
  const words = document.getElementById("stays").content.cloneNode(true);
  toasts.querySelector("[data-stays]")?.remove();
  toasts.append(tell(words, card));
}
