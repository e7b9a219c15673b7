// Device storage: kept by the playground per person and bot, so it is the same in every tab and after a restart.

async function device(app, data, body, event, shape = () => ({})) {
  const answer = await app.does("device_storage", body).catch(() => ({ error: "UNKNOWN_ERROR" }));
  if (answer.error) app.tell("device_storage_failed", { req_id: data.req_id, error: answer.error });
  else app.tell(event, { req_id: data.req_id, ...shape(answer) });
}

/** Event name → what to do, for the three events of device storage. */
export const storageAnswers = {
  web_app_device_storage_save_key: (app, data) =>
    device(app, data, { deed: "save", key: data.key, value: data.value }, "device_storage_key_saved"),
  web_app_device_storage_get_key: (app, data) =>
    device(app, data, { deed: "get", key: data.key }, "device_storage_key_received", ({ value }) => ({
      value: value ?? null,
    })),
  web_app_device_storage_clear: (app, data) => device(app, data, { deed: "clear" }, "device_storage_cleared"),
};
