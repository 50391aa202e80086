"""`{% load ui %}`: form controls in our look, the active menu entry, plain icons."""

from django import template
from django.forms import (
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    RadioSelect,
    Select,
)
from django.forms.boundfield import BoundWidget
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

# The first mark that a user agent carries names it: Edge also says Chrome, Chrome also says Safari.
BROWSERS = {
    "YaBrowser": "Yandex Browser",
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "Linux": "Linux",
}


def _css_class(field: BoundField) -> str:
    match field.field.widget:
        case CheckboxInput() | CheckboxSelectMultiple() | RadioSelect():
            return "form-check-input"
        case Select():
            return "form-select"
    return "form-control"


def _is_code(field: BoundField) -> bool:
    return bool(field.field.widget.attrs.get("autocomplete") == "one-time-code")


@register.filter
def control(field: BoundField) -> SafeString:
    """Render the field's widget with its Bootstrap class; a wrong one is also `is-invalid`."""
    css = _css_class(field) + (" is-invalid" if field.errors else "")
    attrs: dict[str, str | bool] = {"class": css}
    if _is_code(field):
        attrs["inputmode"] = "numeric"
    if _is_code(field) or getattr(field.field.widget, "input_type", "") in ("email", "password"):
        # allauth repeats the label within the field, where it looks like something typed.
        attrs["placeholder"] = False
    return field.as_widget(attrs=attrs)


@register.filter
def option_control(option: BoundWidget) -> SafeString:
    """Render one tick or radio of several with its Bootstrap class; Django gives them none."""
    option.data["attrs"]["class"] = "form-check-input"
    return option.tag()


@register.filter
def widget_kind(field: BoundField) -> str:
    """Say how the field is laid out: checkbox, radio, select, password or input."""
    match field.field.widget:
        case CheckboxInput():
            return "checkbox"
        case RadioSelect() | CheckboxSelectMultiple():
            return "radio"
        case Select():
            return "select"
    return "password" if getattr(field.field.widget, "input_type", "") == "password" else "input"


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw a symbol of static/evosync/icons.svg; it is decoration, so it has no name of its own."""
    return format_html(
        '<svg class="es-icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("evosync/icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def current_if(context: template.Context, *prefixes: str) -> SafeString | str:
    """Mark a link as the current page when the page's URL name begins with one of the prefixes.

    A prefix that ends with `$` is the whole name.
    """
    request = context.get("request")
    match = request.resolver_match if isinstance(request, HttpRequest) else None
    if match is not None and f"{match.view_name}$".startswith(prefixes):
        return format_html('aria-current="{}"', "page")
    return ""


@register.filter
def device(user_agent: str) -> str:
    """Name the browser and the system in a user agent; an unknown one is shown as it is, shortened."""
    browser = next((name for mark, name in BROWSERS.items() if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), "")
    return ", ".join(filter(None, (browser, system))) or user_agent[:60]
