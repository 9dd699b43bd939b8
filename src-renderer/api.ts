import { createClient } from "../shared/contract/client.ts";
import { fetchSigned } from "./session.ts";

/** The window's one client. Same origin: the host's cookie travels along, and nothing else is reachable. */
export const api = createClient(location.origin, fetchSigned);

/**
 * The http host prints an address with a one-time key. In the query it has already become a cookie; behind a hash it
 * is handed over here. Either way it leaves the address bar, so that it is in no bookmark and no history.
 */
export async function handOverToken(): Promise<void> {
  const address = new URL(location.href);
  const inHash = /^#token=([^&]+)/.exec(address.hash)?.[1];
  if (inHash !== undefined) {
    await fetch(`/?token=${inHash}`, { credentials: "same-origin" });
    address.hash = "";
  }
  address.searchParams.delete("token");
  if (address.href !== location.href) history.replaceState(null, "", address);
}
