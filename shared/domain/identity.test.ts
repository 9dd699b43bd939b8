import { expect, it } from "vitest";
import { statedIdentity } from "./identity.ts";

it("reads silence as unknown or yes, never as no", () => {
  const of = (burnedIn: string | null, modality: string | null, hasText = false) =>
    statedIdentity({ burnedIn, modality, hasText });
  expect(of(null, "CR")).toBe("unknown");
  expect(of(null, null)).toBe("unknown");
  expect(of(null, "US")).toBe("yes");
  expect(of("YES", "CR")).toBe("yes");
  expect(of("NO", "CR")).toBe("no");
  expect(of("NO", "CR", true)).toBe("yes");
});
