import logging
import os
import random
import signal
import sys
import time

import ldclient
from flask import Flask, jsonify, request
from openfeature import api
from opentelemetry.instrumentation.flask import FlaskInstrumentor

from flags import NEW_PRICING, feature_context, start_flags, user
from telemetry import start_telemetry

app = Flask(__name__)
features = api.get_client("recommendations")


def customer() -> tuple[str, int]:
    """The edge has authenticated the customer and says who it is in headers."""
    return request.headers.get("x-customer-id", "guest"), int(request.headers.get("x-cohort", "99"))


def wait_about(seconds: float) -> None:
    """Stands in for a database: waits about so long, a sixth more or less."""
    time.sleep(seconds * random.uniform(0.85, 1.15))


@app.get("/related/<product>")
def related(product: str):
    if features.get_boolean_value(NEW_PRICING, False, feature_context(*customer())):
        wait_about(0.75)
        if random.random() < 1 / 6:
            return jsonify(error="no price for a related product"), 500
        return jsonify(product=product, related=["lamp", "mug"])
    wait_about(0.54)
    return jsonify(product=product, related=["lamp"])


@app.get("/picks")
def picks():
    personal = ldclient.get().variation("personal-picks", user(*customer()), False)
    wait_about(0.85 if personal else 0.64)
    if personal and random.random() < 1 / 10:
        return jsonify(error="the model does not answer"), 503
    return jsonify(picks=["teapot"] if personal else ["kettle"])


if __name__ == "__main__":
    start_telemetry()
    start_flags()
    FlaskInstrumentor().instrument_app(app)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]), threaded=True)
