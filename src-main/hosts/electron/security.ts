import type { BrowserWindowConstructorOptions } from "electron";

/** How every window is locked: sandboxed, isolated, no Node, nothing but the app's own pages. */
export const windowPreferences = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  webviewTag: false,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  navigateOnDragDrop: false,
  spellcheck: false, // dictionaries come over a network
} as const satisfies NonNullable<BrowserWindowConstructorOptions["webPreferences"]>;

/** The origin that `protocol.handle` serves the whole app under. */
export const appScheme = "app";
export const appOrigin = "app://hansight";

export const schemePrivileges = {
  standard: true,
  secure: true,
  supportFetchAPI: true,
  stream: true,
  codeCache: true,
} as const;

/** Whether a page may be shown in a window: the app's own, and no other. */
export function isOwnPage(url: string): boolean {
  return url.startsWith(`${appOrigin}/`);
}

/** Whether a page may be opened in a window of its own: a meeting's picture alone, and no other. */
export function isSecondWindow(url: string): boolean {
  const { hash } = URL.parse(url) ?? { hash: "" };
  return isOwnPage(url) && /^#\/a\/[^/?]+\/meeting\?view=picture$/.test(hash);
}

/** Switches that keep Chromium from any network of its own. */
export const commandLineSwitches = [
  ["disable-background-networking"],
  ["disable-component-update"],
  ["disable-domain-reliability"],
  ["disable-features", "OptimizationHints,MediaRouter,Translate"],
  ["no-pings"],
  ["host-resolver-rules", "MAP * ~NOTFOUND"],
] as const;
