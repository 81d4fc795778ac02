"""Traces of pages, tasks and vendor requests by OpenTelemetry, where OTEL_EXPORTER_OTLP_ENDPOINT says to send them."""

from __future__ import annotations

# Their addresses hold secrets: links for one person, and where vendors report.
SECRET_ADDRESSES = "accounts/,invitations/,welcome/start/,webhooks/"


def trace_to(endpoint: str) -> None:
    """Starts tracing, once a process; nothing is imported without an endpoint (the collector's base address)."""
    if not endpoint:
        return
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.instrumentation.celery import CeleryInstrumentor
    from opentelemetry.instrumentation.django import DjangoInstrumentor
    from opentelemetry.instrumentation.requests import RequestsInstrumentor
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: "installer-portal"}))
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    DjangoInstrumentor().instrument(excluded_urls=SECRET_ADDRESSES)
    CeleryInstrumentor().instrument()  # type: ignore[no-untyped-call]
    RequestsInstrumentor().instrument()
