from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "linkage.demo"
    verbose_name = "demo"
