"""The real servers for tests that break things around them."""

from tests.elastic import elastic_url
from tests.servers import kafka_url

__all__ = ["elastic_url", "kafka_url"]
