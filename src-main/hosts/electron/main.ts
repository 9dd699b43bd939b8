import { join } from "node:path";
import {
  app,
  BrowserWindow,
  dialog,
  Menu,
  powerSaveBlocker,
  protocol,
  session,
  utilityProcess,
  type WebContents,
} from "electron";
import { message } from "../../../shared/messages/catalogue.ts";
import { start, type ForkEngine, type Hansight } from "../../start.ts";
import { applicationMenu } from "./menu.ts";
import {
  appOrigin,
  appScheme,
  commandLineSwitches,
  isOwnPage,
  isSecondWindow,
  schemePrivileges,
  windowPreferences,
} from "./security.ts";

/**
 * The desktop host: one window over the same app that the loopback host serves. It adds what only a desktop has: menu,
 * dialogs, single instance, power and quit.
 */
protocol.registerSchemesAsPrivileged([{ scheme: appScheme, privileges: schemePrivileges }]);
for (const [name, value] of commandLineSwitches) app.commandLine.appendSwitch(name, value ?? "");

if (!app.requestSingleInstanceLock()) app.quit();
else void run();

async function run(): Promise<void> {
  await app.whenReady();
  refuseEverything();
  const hansight = await start({ fork: forkUtility, startAudit: auditArgument(process.argv) });
  protocol.handle(appScheme, (request) => hansight.windowApp(request));
  let window = openWindow();
  Menu.setApplicationMenu(Menu.buildFromTemplate(applicationMenu()));

  app.on("second-instance", (_event, argv) => {
    if (window.isDestroyed()) window = openWindow();
    if (window.isMinimized()) window.restore();
    window.focus();
    const folder = auditArgument(argv);
    if (folder) void openFolder(hansight, window, folder);
  });
  app.on("open-file", (event, path) => {
    event.preventDefault();
    void openFolder(hansight, window, path);
  });
  app.on("activate", () => {
    if (window.isDestroyed()) window = openWindow();
  });
  app.on("window-all-closed", () => app.quit());
  holdSleepOff(hansight);
  askBeforeQuit(hansight, () => window);
}

function openWindow(): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 1024,
    minHeight: 640,
    show: false,
    backgroundColor: "#1A1A1A",
    title: "Hansight",
    webPreferences: windowPreferences,
  });
  keepInside(window.webContents);
  window.webContents.setWindowOpenHandler(({ url }) =>
    isSecondWindow(url)
      ? {
          action: "allow",
          overrideBrowserWindowOptions: {
            autoHideMenuBar: true,
            backgroundColor: "#1A1A1A",
            webPreferences: windowPreferences,
          },
        }
      : { action: "deny" },
  );
  window.webContents.on("did-create-window", (second) => {
    keepInside(second.webContents);
    window.once("closed", () => second.isDestroyed() || second.close());
    second.webContents.setWindowOpenHandler(() => ({ action: "deny" }));
  });
  // The window may die: nothing in it is the only copy of a judgement.
  window.webContents.on("render-process-gone", () => window.reload());
  window.once("ready-to-show", () => window.show());
  void window.loadURL(`${appOrigin}/index.html`);
  return window;
}

/** Nothing but the app's own pages, in any window. */
function keepInside(contents: WebContents): void {
  contents.on("will-navigate", (event, url) => {
    if (!isOwnPage(url)) event.preventDefault();
  });
  contents.on("will-attach-webview", (event) => event.preventDefault());
}

/** Every permission but full screen, downloads from pages and every request that is not the app's own are refused. */
function refuseEverything(): void {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, permission, answer) =>
    answer(permission === "fullscreen"),
  );
  defaultSession.setPermissionCheckHandler(() => false);
  defaultSession.webRequest.onBeforeRequest(({ url }, answer) => {
    const isOwn =
      url.startsWith(`${appOrigin}/`) || url.startsWith("blob:") || url.startsWith("data:");
    answer({ cancel: !isOwn && !url.startsWith("devtools:") });
  });
}

const forkUtility: ForkEngine = (role, isAgain) => {
  const words = [role, ...(isAgain ? ["again"] : [])];
  const child = utilityProcess.fork(join(import.meta.dirname, "engine.js"), words, {
    serviceName: `Hansight ${role}`,
  });
  return {
    send: (call) => child.postMessage(call),
    onMessage: (listener) => void child.on("message", listener),
    onExit: (listener) => void child.once("exit", listener),
    kill: () => void child.kill(),
  };
};

async function openFolder(
  hansight: Hansight,
  window: BrowserWindow,
  folder: string,
): Promise<void> {
  const place = await hansight.places.idFor(folder);
  const { auditId } = await hansight.client.library.open({ place });
  await window.loadURL(`${appOrigin}/index.html#/a/${auditId}/grid`);
}

function auditArgument(argv: readonly string[]): string | undefined {
  return argv.slice(1).find((argument) => argument.endsWith(".hansight"));
}

/** Sleep is held off only while a run is active. */
function holdSleepOff(hansight: Hansight): void {
  let blocker: number | null = null;
  hansight.onActivity((isActive) => {
    if (isActive && blocker === null) blocker = powerSaveBlocker.start("prevent-app-suspension");
    else if (!isActive && blocker !== null) {
      powerSaveBlocker.stop(blocker);
      blocker = null;
    }
  });
}

/** Closing during a run asks once (RX-12); pausing is the default. */
function askBeforeQuit(hansight: Hansight, window: () => BrowserWindow): void {
  let isClosing = false;
  app.on("before-quit", (event) => {
    if (isClosing) return;
    event.preventDefault();
    void (async () => {
      if (hansight.isActive()) {
        const { response } = await dialog.showMessageBox(window(), {
          type: "question",
          message: message("desktop.quit.question"),
          detail: message("desktop.quit.detail"),
          buttons: [message("desktop.quit.pause"), message("desktop.quit.cancel")],
          defaultId: 0,
          cancelId: 1,
        });
        if (response === 1) return;
      }
      isClosing = true;
      await hansight.close();
      app.quit();
    })();
  });
}
