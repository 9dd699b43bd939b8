import { message } from "../../../shared/messages/catalogue.ts";
import { explainError, toErrorJson } from "../../../shared/errors/app-error.ts";
import type { Frame } from "../frame/frame.svelte.ts";

/** "Copy my key": saves the own key, locked as it is here, as a file of the person's choosing. */
export async function copyKey(frame: Frame): Promise<void> {
  try {
    const { fileName, text } = await frame.api.people.copyKey();
    const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = fileName;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000); // the browser has read it by then
    frame.toasts.show({ words: message("people.copied", { file: fileName }) });
  } catch (cause) {
    const { what, hint } = explainError(toErrorJson(cause));
    frame.toasts.show({ words: `${what}. ${hint}.` });
  }
}
