// What a web client cannot do, each answered as Telegram documents it, so that nothing in an app waits for ever.

const withId = (data, more) => (data.req_id === undefined ? more : { req_id: data.req_id, ...more });
const failed = (event) => (app, data) => app.tell(event, withId(data, { error: "UNSUPPORTED" }));
const told = (event, facts) => (app) => app.tell(event, facts);

const NO_BIOMETRY = { available: false };

/** Event name → its "not here" answer. */
export const unsupported = {
  web_app_open_invoice: (app, data) => app.tell("invoice_closed", { slug: data.slug, status: "failed" }),
  web_app_open_scan_qr_popup: told("scan_qr_popup_closed", {}),
  web_app_close_scan_qr_popup: told("scan_qr_popup_closed", {}),
  web_app_request_chat: failed("requested_chat_failed"),
  web_app_send_prepared_message: failed("prepared_message_failed"),
  web_app_share_to_story: () => {},
  web_app_biometry_get_info: told("biometry_info_received", NO_BIOMETRY),
  web_app_biometry_request_access: told("biometry_info_received", NO_BIOMETRY),
  web_app_biometry_request_auth: told("biometry_auth_requested", { status: "failed" }),
  web_app_biometry_update_token: told("biometry_token_updated", { status: "failed" }),
  web_app_biometry_open_settings: () => {},
  web_app_check_location: told("location_checked", { available: false }),
  web_app_request_location: told("location_requested", { available: false }),
  web_app_open_location_settings: () => {},
  web_app_check_home_screen: told("home_screen_checked", { status: "unsupported" }),
  web_app_add_to_home_screen: failed("home_screen_failed"),
  web_app_start_accelerometer: failed("accelerometer_failed"),
  web_app_stop_accelerometer: told("accelerometer_stopped", {}),
  web_app_start_device_orientation: failed("device_orientation_failed"),
  web_app_stop_device_orientation: told("device_orientation_stopped", {}),
  web_app_start_gyroscope: failed("gyroscope_failed"),
  web_app_stop_gyroscope: told("gyroscope_stopped", {}),
  web_app_set_emoji_status: failed("emoji_status_failed"),
  web_app_request_emoji_status_access: told("emoji_status_access_requested", { status: "cancelled" }),
  web_app_secure_storage_save_key: failed("secure_storage_failed"),
  web_app_secure_storage_get_key: failed("secure_storage_failed"),
  web_app_secure_storage_restore_key: failed("secure_storage_failed"),
  web_app_secure_storage_clear: failed("secure_storage_failed"),
};
