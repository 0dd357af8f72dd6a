"""Sign-in by token: the same count of tries, the same lock as the page. Tokens of a place, for programs."""

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers, views, viewsets
from rest_framework.authtoken.models import Token
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from communities.models import Region
from communities.offices import services
from communities.offices.middleware import OfficeTokenAuthentication
from communities.offices.models import ApiToken
from linkage.foundation import journal
from linkage.foundation.filters import strict_query


class OfficeTokenScheme(OpenApiAuthenticationExtension):
    """The same for the schema."""

    target_class = OfficeTokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema):
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "Token KEY; a key that begins with lk_ is of a place and only reads statistics.",
        }


class SignInSerializer(serializers.Serializer):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=200, trim_whitespace=False, write_only=True)


class TokenSerializer(serializers.Serializer):
    token = serializers.CharField()


class TokenView(views.APIView):
    """POST name and password, get a token for ``Authorization: Token …``. DELETE ends it."""

    def get_permissions(self):
        return [AllowAny()] if self.request.method == "POST" else super().get_permissions()

    @extend_schema(request=SignInSerializer, responses=TokenSerializer)
    def post(self, request):
        asked = SignInSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        user = services.sign_in(**asked.validated_data, request=request._request)
        if user is None:
            raise exceptions.AuthenticationFailed(_("Account or password is wrong."))
        if user.must_change_password:
            raise exceptions.PermissionDenied(_("Change your first password before you go on."))
        token, _made = Token.objects.get_or_create(user=user)
        journal.record("token_issued", by=user, target=user, request=request._request)
        return Response({"token": token.key})

    @extend_schema(request=None, responses={204: None})
    def delete(self, request):
        Token.objects.filter(user=request.user).delete()
        journal.record("token_ended", by=request.user, target=request.user, request=request._request)
        request.user = AnonymousUser()
        return Response(status=204)


# Tokens of a place


class ApiTokenSerializer(serializers.ModelSerializer):
    """A token without its secret, which was shown once."""

    place = serializers.CharField(source="region.code", help_text="Code of the place it is limited to.")
    place_name = serializers.CharField(source="region.name")
    is_open = serializers.BooleanField(help_text="Neither ended nor revoked.")

    class Meta:
        model = ApiToken
        fields = [
            *("id", "name", "place", "place_name", "created_at", "expires_at", "last_used_at"),
            *("revoked_at", "is_open"),
        ]


class NewApiTokenSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=50, help_text="By which you know it again.")
    place = serializers.CharField(max_length=24, help_text="Code of a place under your posts.")
    days = serializers.ChoiceField(choices=services.TOKEN_DAYS, default=90, help_text="How long it is valid.")


class MadeApiTokenSerializer(ApiTokenSerializer):
    """The only answer that has the secret."""

    token = serializers.CharField(help_text="Shown now and never again.")

    class Meta(ApiTokenSerializer.Meta):
        fields = [*ApiTokenSerializer.Meta.fields, "token"]


class ApiTokenViewSet(viewsets.ViewSet):
    """One's own tokens of a place: listed, made, revoked. Such a token itself opens nothing of this."""

    lookup_value_regex = "[0-9]{1,18}"

    @extend_schema(responses=ApiTokenSerializer(many=True))
    def list(self, request):
        strict_query(request, {})
        return Response(ApiTokenSerializer(_tokens_of(request.user), many=True).data)

    @extend_schema(request=NewApiTokenSerializer, responses={201: MadeApiTokenSerializer})
    def create(self, request):
        asked = NewApiTokenSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = dict(asked.validated_data)
        region = Region.objects.visible_to(request.user).filter(code=given.pop("place")).first()
        if region is None:
            raise exceptions.ValidationError({"place": [_("Choose a place of yours.")]})
        token, secret = services.make_token(by=request.user, region=region, **given)
        token.token = secret
        answer = Response(MadeApiTokenSerializer(token).data, status=201)
        answer["Cache-Control"] = "no-store"
        return answer

    @extend_schema(
        parameters=[OpenApiParameter("id", int, OpenApiParameter.PATH)], request=None, responses={204: None}
    )
    def destroy(self, request, pk):
        token = _tokens_of(request.user).filter(pk=pk).first()
        if token is None:
            raise Http404
        services.revoke_token(token, by=request.user)
        return Response(status=204)


def _tokens_of(user):
    return ApiToken.objects.of(user).select_related("region")
