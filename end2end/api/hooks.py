"""What schemathesis does not know by itself."""

import schemathesis


@schemathesis.serializer("application/timestamp-query", "application/timestamp-reply")
def der(ctx, value):
    """Bytes as they are; what is generated for them may be anything."""
    return {"data": value if isinstance(value, (bytes, str)) else str(value).encode()}
