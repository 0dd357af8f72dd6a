"""What the log of the site looks like; settings ask here before anything of Django is loaded."""


def to_standard_output(*, level):
    """``LOGGING``: one line an event, numbers of people masked (``masking.Masked``)."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"masked": {"()": "linkage.foundation.masking.Masked"}},
        "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
        "handlers": {
            "stdout": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["masked"],
                "stream": "ext://sys.stdout",
            },
        },
        "root": {"handlers": ["stdout"], "level": level},
        "loggers": {
            "django": {"handlers": ["stdout"], "level": "INFO", "propagate": False},
            "django.server": {"handlers": ["stdout"], "level": "INFO", "propagate": False},
            "gunicorn.error": {"handlers": ["stdout"], "level": "INFO", "propagate": False},
            "celery.beat": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
        },
    }
