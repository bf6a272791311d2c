"""A provider of identities as a ministry might run it: Django with django-oauth-toolkit, with its database of people, its
forms for signing in and for consent. It takes no code without PKCE.

    python oidc_django.py ADDRESS_OF_PLENUM

Prints its issuer on one line and then serves on loopback, one request at a time. POST ISSUER/people with
{"NAME": {"password": ..., "email": ..., "email_verified": ...}} says who can sign in and what it tells of them.
"""

import json
import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings

APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "oauth2_provider"]
SIGN_IN = '<form method="post" action="">{% csrf_token %}{{ form }}<button>Sign in</button></form>'
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)

# Everything as it comes, but for a database that is made anew in memory and a cheap way to keep passwords.
settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=APPS,
    LOGGING_CONFIG=None,
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    MIGRATION_MODULES={app.rpartition(".")[2]: None for app in APPS},
    OAUTH2_PROVIDER={
        "OAUTH2_VALIDATOR_CLASS": "__main__.Validator",
        "OIDC_ENABLED": True,
        "OIDC_RSA_PRIVATE_KEY": KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        "SCOPES": {"openid": "Know who you are", "email": "Know your address", "profile": "Know your name"},
    },
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ROOT_URLCONF="__main__",
    SECRET_KEY="no secret in a test",
    STATIC_URL="/static/",
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    ("django.template.loaders.locmem.Loader", {"registration/login.html": SIGN_IN}),
                    "django.template.loaders.app_directories.Loader",
                ],
            },
        }
    ],
)
django.setup()

from django.contrib.auth.models import User  # noqa: E402 - Django's parts need its settings
from django.contrib.auth.views import LoginView  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.urls import include, path  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # noqa: E402
from oauth2_provider.models import Application  # noqa: E402
from oauth2_provider.oauth2_validators import OAuth2Validator  # noqa: E402

told = {}


class Validator(OAuth2Validator):
    """What an ID token says of somebody besides who issued it to whom."""

    def get_additional_claims(self, request):
        return told[request.user.username]


@csrf_exempt
def people(request):
    for name, claims in json.loads(request.body).items():
        user, _ = User.objects.get_or_create(username=name)
        user.set_password(claims.pop("password"))
        user.save()
        told[name] = claims
    return HttpResponse()


urlpatterns = [
    path("accounts/login/", LoginView.as_view()),
    path("o/people", people),
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
]


class Silent(WSGIRequestHandler):
    def log_message(self, *_):
        """Its log is nobody's business in a test."""


def main():
    call_command("migrate", run_syncdb=True, verbosity=0)
    Application.objects.create(
        name="Plenum",
        client_id="plenum",
        client_secret="no secret: in a test/",
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
        redirect_uris=f"{sys.argv[1]}/sign-in/oidc/example/callback",
        algorithm=Application.RS256_ALGORITHM,
    )
    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Silent)
    print(f"http://127.0.0.1:{server.server_port}/o", flush=True)
    server.serve_forever()


main()
