"""Pictures and feeds on S3-compatible storage: private, deleted with their rows, within the same quotas.

The server is moto's: Debian and the package index have no real one that is installed without a cluster. It
speaks S3 over HTTP, so requests, signatures and errors of the client are real; what a provider adds is not.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
import requests
from django.conf import settings as site
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from moto.server import ThreadedMotoServer

from accounts.models import User
from catalog.choices import PhotoProblem
from catalog.models import Product, ProductPhoto, Store
from catalog.photos.errors import InvalidPhoto
from catalog.photos.placeholders import placeholder
from catalog.photos.services import add_photo, remove_photo, set_shared_photo
from evosync.common.object_storage import StorageUnavailable
from evosync.common.storages import object_storage

BUCKET, FOLDER = "evosync-test", "shop"
JPEG = placeholder("Кружка", "Посуда")
KEYS = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "ru-central1"}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Return the address of a running storage with an empty bucket."""
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    url = f"http://{host}:{port}"
    # What it holds outlives a server that was stopped.
    requests.post(f"{url}/moto-api/reset", timeout=10)
    boto3.client("s3", endpoint_url=url, **KEYS).create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "ru-central1"}
    )
    yield url
    running.stop()


@pytest.fixture
def variables(server: str) -> dict[str, str]:
    """Return the variables of an installation whose files are in the bucket."""
    return {
        "S3_BUCKET": BUCKET,
        "S3_ACCESS_KEY_ID": "key",
        "S3_SECRET_ACCESS_KEY": "secret",
        "S3_ENDPOINT_URL": server,
        "S3_REGION": "ru-central1",
        "S3_FOLDER": FOLDER,
    }


@pytest.fixture
def bucket(server: str, settings: Any) -> Iterator[Any]:
    """Return the bucket, into which all files go until the test ends."""
    settings.STORAGES = {**site.STORAGES, "default": storage(server)}
    found = boto3.resource("s3", endpoint_url=server, **KEYS).Bucket(BUCKET)
    yield found
    found.objects.all().delete()


def storage(url: str, *, bucket: str = BUCKET) -> dict[str, Any]:
    """Return the settings of a storage at this address."""
    return object_storage(
        bucket=bucket,
        access_key="key",
        secret_key="secret",
        endpoint_url=url,
        region="ru-central1",
        folder=FOLDER,
    )


@pytest.fixture
def owner(db: None) -> User:
    """Return a merchant."""
    return User.objects.create_user("owner@example.com", "a long passphrase")


@pytest.fixture
def tea(owner: User) -> Product:
    """Return a product of theirs."""
    now = timezone.now()
    store = Store.objects.create(user=owner, evotor_id="s", name="Лавка", fetched_at=now)
    return product(store, "Чай")


def product(store: Store, name: str) -> Product:
    """Return a product of the store."""
    return Product.objects.create(
        user=store.user, store=store, evotor_id=name, name=name, fetched_at=store.fetched_at
    )


def names(bucket: Any) -> list[str]:
    return sorted(one.key for one in bucket.objects.all())


@pytest.mark.once
@pytest.mark.django_db
def test_a_photo_is_kept_in_the_bucket_and_read_back(bucket: Any, tea: Product) -> None:
    photo = add_photo(tea, jpeg=JPEG)
    assert names(bucket) == [f"{FOLDER}/{photo.file.name}"]
    with photo.file.storage.open(str(photo.file.name), "rb") as file:
        assert file.read() == JPEG
    assert photo.file.size == len(JPEG)


@pytest.mark.django_db
def test_a_photo_has_no_public_address(bucket: Any, tea: Product, server: str) -> None:
    photo = add_photo(tea, jpeg=JPEG)
    grants = bucket.Object(f"{FOLDER}/{photo.file.name}").Acl().grants
    assert [grant["Grantee"]["Type"] for grant in grants] == ["CanonicalUser"]
    with pytest.raises(ValueError, match="no address"):
        _ = photo.file.url


@pytest.mark.django_db
def test_the_owner_sees_a_photo_through_our_page_and_others_do_not(
    bucket: Any, tea: Product, client: Client
) -> None:
    photo = add_photo(tea, jpeg=JPEG)
    address = reverse("catalog:photo", args=[photo.pk])
    stranger = User.objects.create_user("other@example.com", "a long passphrase")
    client.force_login(stranger)
    assert client.get(address).status_code == 404
    client.force_login(tea.user)
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == JPEG  # type: ignore[attr-defined]


@pytest.mark.django_db(transaction=True)
def test_a_removed_photo_leaves_the_bucket(bucket: Any, tea: Product) -> None:
    remove_photo(add_photo(tea, jpeg=JPEG))
    assert names(bucket) == []


@pytest.mark.django_db(transaction=True)
def test_the_photos_of_a_deleted_merchant_leave_the_bucket(bucket: Any, tea: Product) -> None:
    add_photo(tea, jpeg=JPEG)
    set_shared_photo(tea.user, group=None, jpeg=JPEG)
    assert len(names(bucket)) == 2
    tea.user.delete()
    assert names(bucket) == []


@pytest.mark.django_db(transaction=True)
def test_equal_photos_of_two_products_are_files_of_their_own(bucket: Any, tea: Product) -> None:
    coffee = product(tea.store, "Кофе")
    first, second = add_photo(tea, jpeg=JPEG), add_photo(coffee, jpeg=JPEG)
    remove_photo(first)
    with second.file.storage.open(str(second.file.name), "rb") as file:
        assert file.read() == JPEG


@pytest.mark.django_db
def test_the_quota_is_that_of_the_disk(bucket: Any, tea: Product, settings: Any) -> None:
    settings.PHOTO_BYTES_PER_MERCHANT = len(JPEG) - 1
    with pytest.raises(InvalidPhoto) as refused:
        add_photo(tea, jpeg=JPEG)
    assert refused.value.code == PhotoProblem.TOO_MANY
    assert (names(bucket), ProductPhoto.objects.count()) == ([], 0)


def test_a_long_name_is_cut_and_stays_one_of_its_own(bucket: Any) -> None:
    long = "photos/2026/11/" + "a" * 200 + ".jpg"
    made = {default_storage.get_available_name(long, max_length=100) for _ in range(20)}
    assert len(made) == 20
    assert {len(name) for name in made} == {100}


def test_a_file_that_is_not_there_is_missing_as_on_a_disk(bucket: Any) -> None:
    assert not default_storage.exists("photos/none.jpg")
    with pytest.raises(FileNotFoundError):
        default_storage.open("photos/none.jpg")
    default_storage.delete("photos/none.jpg")


@pytest.mark.once
def test_a_storage_that_refuses_or_is_away_is_an_error_of_the_disk(
    bucket: Any, server: str, settings: Any
) -> None:
    name = default_storage.save("photos/one.jpg", ContentFile(JPEG))
    for wrong in (storage(server, bucket="not-there"), storage("http://127.0.0.1:9")):
        settings.STORAGES = {**site.STORAGES, "default": wrong}
        with pytest.raises(OSError):
            default_storage.open(name)
        with pytest.raises(StorageUnavailable):
            default_storage.save("photos/two.jpg", ContentFile(JPEG))


def test_without_keys_the_bucket_refuses_to_be_read(bucket: Any, server: str) -> None:
    name = default_storage.save("photos/one.jpg", ContentFile(JPEG))
    answer = requests.get(f"{server}/{BUCKET}/{FOLDER}/{name}", timeout=30)
    # Moto checks no signatures, but it holds to the object's access list: nobody but its owner.
    assert answer.status_code == 403


@pytest.mark.once
@pytest.mark.parametrize("named", [True, False], ids=["with a bucket", "without one"])
def test_the_variables_choose_the_storage(variables: dict[str, str], *, named: bool) -> None:
    code = "from django.core.files.storage import storages; print(type(storages['default']).__name__)"
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup(); {code}"],
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "evosync.settings", "ENV_FILE": os.devnull}
        | (variables if named else {}),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == ("PrivateObjects" if named else "FileSystemStorage")
