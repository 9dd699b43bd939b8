import { deviceSetting } from "../../shared/domain/device.ts";
import { toErrorJson } from "../../shared/errors/app-error.ts";
import {
  protocolVersion,
  type EngineCall,
  type EngineReply,
  type EngineRequests,
} from "./protocol.ts";

/**
 * Entry of an engine process. `maps` holds the runtime, models and methods; `images` only decodes and draws, so that
 * the grid never waits for a run. It never writes to the store: it answers, and the host commits.
 */
type Handlers = {
  [Name in keyof EngineRequests]?: (
    input: EngineRequests[Name]["in"],
  ) => Promise<EngineRequests[Name]["out"]>;
};

const role = process.argv[2] === "images" ? "images" : "maps";
/** After a crash a driver is not trusted again: the processor is. */
const isAgain = process.argv[3] === "again";

async function handlersOf(name: typeof role): Promise<Handlers> {
  const { pictureHandlers } = await import("./picture-handlers.ts");
  if (name === "images") return pictureHandlers();
  const { mapHandlers } = await import("./map-handlers.ts");
  const { sheetHandlers } = await import("./sheet-handlers.ts");
  const { benchHandlers } = await import("./bench-handlers.ts");
  const { testHandlers } = await import("./test-handlers.ts");
  const { labelHandlers } = await import("./label-handlers.ts");
  const { deviceHandlers } = await import("./device-handlers.ts");
  const asked = deviceSetting(process.env["HANSIGHT_DEVICE"]) ?? "auto";
  const { setting, handlers: devices } = deviceHandlers(isAgain ? "cpu" : asked);
  return {
    ...pictureHandlers(),
    ...mapHandlers(setting),
    ...sheetHandlers(),
    ...benchHandlers(setting),
    ...labelHandlers(),
    ...testHandlers(setting),
    ...devices,
  };
}

interface Port {
  post(reply: EngineReply): void;
  listen(listener: (call: EngineCall) => void): void;
}

/** Electron's utility process hands a port; a forked Node process is one itself. */
function openPort(): Port {
  const electron = (process as { parentPort?: ElectronPort }).parentPort; // Electron adds it; Node has none
  if (electron) {
    return {
      post: (reply) => electron.postMessage(reply),
      listen: (listener) => electron.on("message", ({ data }) => listener(data as EngineCall)), // sent by EngineClient alone
    };
  }
  return {
    post: (reply) => void process.send?.(reply),
    listen: (listener) => void process.on("message", (call) => listener(call as EngineCall)), // sent by EngineClient alone
  };
}

interface ElectronPort {
  postMessage(message: unknown): void;
  on(event: "message", listener: (event: { data: unknown }) => void): void;
}

const port = openPort();
const handlers = handlersOf(role);

port.listen(({ id, name, input }) => {
  void answer(id, name, input);
});
process.on("disconnect", () => process.exit(0)); // the host is gone: nobody is left to answer
port.post({ kind: "hello", version: protocolVersion });

async function answer(id: number, name: EngineCall["name"], input: unknown): Promise<void> {
  try {
    const handler = (await handlers)[name] as ((input: unknown) => Promise<unknown>) | undefined; // one table types both ends
    if (!handler) throw new RangeError(`the ${role} engine does not answer "${name}"`);
    port.post({ kind: "done", id, result: await handler(input) });
  } catch (cause) {
    port.post({ kind: "failed", id, error: toErrorJson(cause) });
  }
}
