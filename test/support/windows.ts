import { createClient, type Client } from "../../shared/contract/client.ts";
import { sessionHeader, type Person } from "../../shared/contract/people.ts";
import type { Role } from "../../shared/domain/role.ts";
import type { Hansight } from "../../src-main/start.ts";

/** A window of the app with somebody signed in, as a host would serve it. */
export interface TestWindow {
  readonly person: Person;
  readonly client: Client;
  readonly session: string;
  /** GET in the window's name. */
  get(path: string, headers?: Record<string, string>): Promise<Response>;
}

const origin = "http://hansight.localhost";

/** A window before anybody signed in. */
export function openWindow(app: Hansight): Client {
  return createClient(origin, app.windowApp);
}

/** Adds somebody and signs them in. */
export async function windowOf(
  app: Hansight,
  name: string,
  options: { readonly role?: Role; readonly passphrase?: string | null } = {},
): Promise<TestWindow> {
  const { role = "reviewer", passphrase = null } = options;
  const person = await openWindow(app).people.create({
    name,
    initials: name.slice(0, 2),
    role,
    passphrase,
  });
  return signedInAs(app, person, passphrase);
}

/** Another window for somebody who is known. */
export async function signedInAs(
  app: Hansight,
  person: Person,
  passphrase: string | null = null,
): Promise<TestWindow> {
  const { session } = await openWindow(app).people.signIn({ readerId: person.id, passphrase });
  const get = (path: string, headers: Record<string, string> = {}) =>
    app.windowApp(
      new Request(origin + path, { headers: { ...headers, [sessionHeader]: session } }),
    );
  const client = createClient(origin, (request) => {
    request.headers.set(sessionHeader, session);
    return app.windowApp(request);
  });
  return { person, client, session, get };
}
