"""Every event a Mini App can tell its host, with what Telegram documents as the answer."""

from __future__ import annotations

from typing import Any

UNSUPPORTED = {"error": "UNSUPPORTED"}
ANSWERED: list[tuple[str, dict[str, Any], str, dict[str, Any]]] = [  # told, with, answered, at least with
    ("web_app_expand", {}, "viewport_changed", {"is_expanded": True, "is_state_stable": True}),
    ("web_app_request_theme", {}, "theme_changed", {}),
    ("web_app_request_viewport", {}, "viewport_changed", {"is_expanded": False}),
    ("web_app_request_safe_area", {}, "safe_area_changed", {"top": 0, "bottom": 0, "left": 0, "right": 0}),
    ("web_app_request_content_safe_area", {}, "content_safe_area_changed", {"top": 0}),
    ("web_app_open_invoice", {"slug": "s"}, "invoice_closed", {"slug": "s", "status": "failed"}),
    (
        "web_app_invoke_custom_method",
        {"req_id": "1", "method": "getStorageKeys", "params": {}},
        "custom_method_invoked",
        {"req_id": "1", "result": []},
    ),
    (
        "web_app_invoke_custom_method",
        {"req_id": "2", "method": "no", "params": {}},
        "custom_method_invoked",
        {"req_id": "2", "error": "METHOD_INVALID"},
    ),
    ("web_app_request_write_access", {}, "write_access_requested", {"status": "allowed"}),
    ("web_app_open_scan_qr_popup", {"text": "x"}, "scan_qr_popup_closed", {}),
    ("web_app_close_scan_qr_popup", {}, "scan_qr_popup_closed", {}),
    ("web_app_request_fullscreen", {}, "fullscreen_changed", {"is_fullscreen": True}),
    ("web_app_exit_fullscreen", {}, "fullscreen_changed", {"is_fullscreen": False}),
    (
        "web_app_device_storage_save_key",
        {"req_id": "a", "key": "k", "value": "v"},
        "device_storage_key_saved",
        {"req_id": "a"},
    ),
    (
        "web_app_device_storage_get_key",
        {"req_id": "b", "key": "no"},
        "device_storage_key_received",
        {"req_id": "b", "value": None},
    ),
    (
        "web_app_device_storage_save_key",
        {"req_id": "c", "key": ""},
        "device_storage_failed",
        {"req_id": "c", "error": "KEY_INVALID"},
    ),
    ("web_app_device_storage_clear", {"req_id": "d"}, "device_storage_cleared", {"req_id": "d"}),
    *(
        (
            f"web_app_secure_storage_{deed}",
            {"req_id": deed, "key": "k"},
            "secure_storage_failed",
            {"req_id": deed, **UNSUPPORTED},
        )
        for deed in ("save_key", "get_key", "restore_key", "clear")
    ),
    ("web_app_request_chat", {"req_id": "e"}, "requested_chat_failed", {"req_id": "e", **UNSUPPORTED}),
    ("web_app_biometry_get_info", {}, "biometry_info_received", {"available": False}),
    ("web_app_biometry_request_access", {}, "biometry_info_received", {"available": False}),
    ("web_app_biometry_request_auth", {}, "biometry_auth_requested", {"status": "failed"}),
    ("web_app_biometry_update_token", {"token": ""}, "biometry_token_updated", {"status": "failed"}),
    ("web_app_check_location", {}, "location_checked", {"available": False}),
    ("web_app_request_location", {}, "location_requested", {"available": False}),
    ("web_app_check_home_screen", {}, "home_screen_checked", {"status": "unsupported"}),
    ("web_app_add_to_home_screen", {}, "home_screen_failed", UNSUPPORTED),
    ("web_app_start_accelerometer", {"refresh_rate": 100}, "accelerometer_failed", UNSUPPORTED),
    ("web_app_stop_accelerometer", {}, "accelerometer_stopped", {}),
    ("web_app_start_device_orientation", {}, "device_orientation_failed", UNSUPPORTED),
    ("web_app_stop_device_orientation", {}, "device_orientation_stopped", {}),
    ("web_app_start_gyroscope", {}, "gyroscope_failed", UNSUPPORTED),
    ("web_app_stop_gyroscope", {}, "gyroscope_stopped", {}),
    ("web_app_send_prepared_message", {"id": "x"}, "prepared_message_failed", UNSUPPORTED),
    ("web_app_set_emoji_status", {"custom_emoji_id": "1"}, "emoji_status_failed", UNSUPPORTED),
    ("web_app_request_emoji_status_access", {}, "emoji_status_access_requested", {"status": "cancelled"}),
    ("web_app_read_text_from_clipboard", {"req_id": "f"}, "clipboard_text_received", {"req_id": "f"}),
]
SILENT: list[tuple[str, dict[str, Any]]] = [  # taken without an answer, as documented
    ("iframe_ready", {"reload_supported": True}),
    ("web_app_ready", {}),
    ("web_app_set_header_color", {"color_key": "secondary_bg_color"}),
    ("web_app_set_background_color", {"color": "#ffeedd"}),
    ("web_app_set_bottom_bar_color", {"color": "#ffeedd"}),
    ("web_app_setup_main_button", {"is_visible": False}),
    ("web_app_setup_secondary_button", {"is_visible": False}),
    ("web_app_setup_back_button", {"is_visible": False}),
    ("web_app_setup_settings_button", {"is_visible": False}),
    ("web_app_setup_closing_behavior", {"need_confirmation": False}),
    ("web_app_setup_swipe_behavior", {"allow_vertical_swipe": False}),
    ("web_app_trigger_haptic_feedback", {"type": "impact", "impact_style": "light"}),
    ("web_app_hide_keyboard", {}),
    ("web_app_toggle_orientation_lock", {"locked": True}),
    ("web_app_share_to_story", {"media_url": "https://example.com/x.jpg"}),
]
PROMPTED = {  # answered after the person did something; each has a test of its own below
    "web_app_open_popup", "web_app_request_phone", "web_app_close", "web_app_data_send", "web_app_open_link",
    "web_app_open_tg_link", "web_app_switch_inline_query", "web_app_request_file_download",
}  # fmt: skip
