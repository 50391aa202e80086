"""Addresses of the dashboard, the sync page and the history."""

from django.urls import path

from syncing.web.views import (
    adoption,
    categories,
    dashboard,
    filters,
    goods_rules,
    held_prices,
    history,
    settings,
    sync,
)

app_name = "syncing"
urlpatterns = [
    path("", dashboard.show, name="dashboard"),
    path("sync/", sync.show, name="sync"),
    path("sync/switch/", sync.switch, name="switch"),
    path("sync/preview/", sync.show_preview, name="preview"),
    path("sync/preview/again/", sync.plan_again, name="plan_again"),
    path("sync/lookalikes/", adoption.show, name="lookalikes"),
    path("sync/lookalikes/again/", adoption.find_again, name="find_again"),
    path("sync/lookalikes/take-over/", adoption.take_over, name="take_over"),
    path("sync/run/", sync.run, name="run"),
    path("sync/prices/", held_prices.show, name="held_prices"),
    path("sync/prices/many/", held_prices.decide_kind, name="held_prices_kind"),
    path("sync/prices/<int:pk>/", held_prices.decide, name="held_price"),
    path("sync/filters/", filters.show, name="filters"),
    path("sync/filters/clear/", filters.clear, name="filters_clear"),
    path("sync/rules/", settings.show, name="rules"),
    path("sync/rules/pictures/<str:style>.jpg", settings.show_card, name="rules_card"),
    path("sync/rules/categories/", settings.show_categories, name="rules_categories"),
    path("sync/categories/", categories.show, name="categories"),
    path("sync/categories/<int:pk>/", categories.choose_group, name="category"),
    path("sync/goods-rules/", goods_rules.show_list, name="goods_rules"),
    path("sync/goods-rules/new/", goods_rules.edit, name="goods_rule_new"),
    path("sync/goods-rules/new/try/", goods_rules.preview, name="goods_rule_try_new"),
    path("sync/goods-rules/<int:pk>/", goods_rules.edit, name="goods_rule"),
    path("sync/goods-rules/tried/", goods_rules.show_trial, name="goods_rule_tried"),
    path("sync/goods-rules/<int:pk>/try/", goods_rules.preview, name="goods_rule_try"),
    path("sync/goods-rules/<int:pk>/move/", goods_rules.move, name="goods_rule_move"),
    path("sync/goods-rules/<int:pk>/delete/", goods_rules.delete, name="goods_rule_delete"),
    path("history/", history.show_list, name="history"),
    path("history/<int:pk>/", history.show_job, name="job"),
    path("history/<int:pk>/progress/", history.show_progress, name="job_progress"),
    path("history/<int:pk>/items.csv", history.download, name="job_csv"),
    path("history/<int:pk>/stop/", history.stop, name="stop"),
    path("history/<int:pk>/approve/", history.approve, name="approve"),
    path("history/<int:pk>/reject/", history.reject, name="reject"),
]
