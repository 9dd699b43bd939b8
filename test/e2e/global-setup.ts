import { prepareDemoAudit } from "../support/served.ts";

/** Once before all journeys. */
export default function globalSetup(): void {
  prepareDemoAudit();
}
