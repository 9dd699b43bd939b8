import { describe, expect, it } from "vitest";
import { contentSecurityPolicy } from "../../app.ts";
import {
  commandLineSwitches,
  isOwnPage,
  isSecondWindow,
  schemePrivileges,
  windowPreferences,
} from "./security.ts";

describe("the desktop window's security", () => {
  it("is sandboxed and isolated, with no Node inside", () => {
    expect(windowPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      allowRunningInsecureContent: false,
    });
  });

  it("has no switch that takes the content policy away", () => {
    expect(schemePrivileges).not.toHaveProperty("bypassCSP");
    expect(schemePrivileges).not.toHaveProperty("corsEnabled");
  });

  it("runs own scripts only and reaches own addresses only", () => {
    const policy = new Map(
      contentSecurityPolicy.split("; ").map((rule) => {
        const [name, ...sources] = rule.split(" ");
        return [name, sources.join(" ")] as const;
      }),
    );
    expect(policy.get("default-src")).toBe("'none'");
    expect(policy.get("script-src")).toBe("'self'");
    expect(policy.get("connect-src")).toBe("'self'");
    expect(policy.get("frame-ancestors")).toBe("'none'");
    expect(contentSecurityPolicy).not.toMatch(/unsafe|https?:|\*/);
  });

  it("navigates within the app alone", () => {
    expect(isOwnPage("app://hansight/index.html#/library")).toBe(true);
    for (const url of ["https://example.com", "file:///etc/passwd", "app://other/", "not a url"]) {
      expect(isOwnPage(url)).toBe(false);
    }
  });

  it("opens a second window for a meeting's picture, and for nothing else", () => {
    const own = "app://hansight/index.html#/a/audit-1/meeting?view=picture";
    expect(isSecondWindow(own)).toBe(true);
    for (const url of [
      own.replace("?view=picture", ""),
      own.replace("/meeting", "/grid"),
      own.replace("app://hansight", "https://example.com"),
      "not a url",
    ])
      expect(isSecondWindow(url)).toBe(false);
  });

  it("resolves no host name", () => {
    expect(commandLineSwitches).toContainEqual(["host-resolver-rules", "MAP * ~NOTFOUND"]);
  });
});
