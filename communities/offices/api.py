"""Sign-in by token: the same count of tries, the same lock as the page."""

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers, views
from rest_framework.authtoken.models import Token
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from communities.offices import services
from linkage.foundation import journal


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
