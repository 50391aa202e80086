"""Addresses of the catalogue. The pages know till and VK, so catalog itself cannot hold them."""

from django.urls import path

from syncing.web.views import bulk, categories, own_words, photo_import, photos, products, restricted, shelf

app_name = "catalog"
urlpatterns = [
    path("", products.show_list, name="list"),
    path("bulk/", bulk.change, name="bulk"),
    path("bulk/undo/", bulk.take_back, name="bulk_undo"),
    path("check/", restricted.show, name="check"),
    path("check/again/", restricted.check_again, name="check_again"),
    path("<int:pk>/", products.show, name="product"),
    path("<int:pk>/history/", products.show_history, name="product_history"),
    path("<int:pk>/decide/", restricted.decide, name="decide"),
    path("check/undo/", restricted.undo, name="undo_decision"),
    path("<int:pk>/why/", products.why, name="why"),
    path("<int:pk>/give-back/", products.return_to_till, name="give_back"),
    path("<int:pk>/words/", own_words.edit_product, name="words"),
    path("<int:pk>/words/back/", own_words.take_back, name="words_back"),
    path("<int:pk>/tags/", products.change_tags, name="tags"),
    path("<int:pk>/category/", categories.choose_product, name="category"),
    path("<int:pk>/photos/", photos.add_photo, name="add_photo"),
    path("<int:pk>/thumbnail.jpg", photos.show_thumbnail, name="thumbnail"),
    path("<int:pk>/photos/order/", photos.order_photos, name="order_photos"),
    path("shelf/", shelf.show_link, name="shelf_link"),
    path("shelf/new/", shelf.renew_link, name="shelf_renew"),
    path("shelf/end/", shelf.end_link, name="shelf_end"),
    path("shelf/code.svg", shelf.show_code, name="shelf_code"),
    path("photos/", photos.shared_photos, name="photos"),
    path("photos/many/", photo_import.show, name="photo_import"),
    path("photos/many/save/", photo_import.confirm, name="photo_import_save"),
    path("photos/many/place/", photo_import.choose_place, name="photo_import_place"),
    path("photos/many/discard/", photo_import.discard, name="photo_import_discard"),
    path("photos/many/undo/", photo_import.take_back, name="photo_import_undo"),
    path("photos/many/<int:pk>/", photo_import.choose, name="photo_import_file"),
    path("photos/many/<int:pk>/preview.jpg", photo_import.show_preview, name="photo_import_preview"),
    path("photos/<int:pk>/", photos.show_photo, name="photo"),
    path("photos/<int:pk>/move/", photos.move_photo, name="move_photo"),
    path("photos/<int:pk>/edit/", photos.edit_photo, name="edit_photo"),
    path("photos/<int:pk>/remove/", photos.remove_photo, name="remove_photo"),
]
