from accounts.sso.models import SsoConnection
from accounts.sso.secrets import unseal
from accounts.sso.tasks import check_sso_domains
from sondervoice.kernel import tenancy
from tests.cast import Cast
from tests.fakes.directory.oidc import CLIENT_SECRET, OidcProvider
from tests.integration.accounts.sso.conftest import make_connection

OLD, NEW = "the secret before " * 3, "the secret now " * 4


def kept(cast: Cast) -> bytes:
    with tenancy.scope(cast.alder.organization.id):
        return bytes(SsoConnection.objects.get().sealed_secret)


class TestSealSecretAnew:
    def test_opens_once_the_old_secret_is_gone(
        self, cast: Cast, directory: OidcProvider, settings
    ):
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
        row = make_connection(cast.alder, directory)
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]

        check_sso_domains()
        anew = kept(cast)
        check_sso_domains()
        settings.SECRET_KEY_FALLBACKS = []

        assert kept(cast) == anew
        assert unseal(anew, row_id=row.id) == CLIENT_SECRET.encode()

    def test_leaves_what_the_newest_sealed(
        self, cast: Cast, directory: OidcProvider, settings
    ):
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
        make_connection(cast.alder, directory)
        before = kept(cast)

        check_sso_domains()

        assert kept(cast) == before
