import { sessionHeader, sessionQuery } from "../shared/contract/people.ts";

/** Of this window alone, and gone with it: another window signs somebody in for itself. */
const KEY = "hansight.session";

let renew: () => Promise<boolean> = () => Promise.resolve(false);

/** The token of whoever is signed in here; null before. */
export function sessionToken(): string | null {
  return sessionStorage.getItem(KEY);
}

export function keepSession(token: string | null): void {
  if (token === null) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, token);
}

/** How a session is had anew when the host has forgotten it: true once there is one. */
export function renewBy(how: () => Promise<boolean>): void {
  renew = how;
}

/** `fetch` in the name of whoever is signed in; tried once more when the host was started anew meanwhile. */
export async function fetchSigned(request: Request): Promise<Response> {
  const again = request.clone();
  const token = sessionToken();
  const response = await fetch(signed(request, token), { credentials: "same-origin" });
  if (response.status !== 401) return response;
  // another request may have renewed it while this one was under way
  if (sessionToken() === token && !(await renew())) return response;
  return fetch(signed(again, sessionToken()), { credentials: "same-origin" });
}

/** Headers for what is fetched beside the contract. */
export function sessionHeaders(token = sessionToken()): Record<string, string> {
  return token === null ? {} : { [sessionHeader]: token };
}

/** The address of something that a picture or a link names: neither can send a header. */
export function withSession(address: string): string {
  const token = sessionToken();
  if (token === null) return address;
  return `${address}${address.includes("?") ? "&" : "?"}${sessionQuery}=${token}`;
}

function signed(request: Request, token: string | null): Request {
  if (token !== null) request.headers.set(sessionHeader, token);
  return request;
}
