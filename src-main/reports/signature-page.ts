import type { NamedSigner } from "../../shared/domain/revision.ts";
import type { SignatureFile } from "../../shared/domain/signature.ts";
import { message } from "../../shared/messages/catalogue.ts";
import { signingDate } from "../../shared/messages/signature-words.ts";
import { breakable } from "./document/names.ts";
import { whole } from "./document/numbers.ts";

/** What `signatures.pdf` is printed from. */
export interface SignaturePageData {
  readonly auditName: string;
  readonly isMedical: boolean;
  readonly revision: number;
  readonly contentSha256: string;
  readonly signers: readonly NamedSigner[];
  readonly signatures: readonly {
    readonly file: string;
    readonly fingerprint: string;
    readonly content: SignatureFile;
  }[];
}

/** The page as data for its template. */
export interface SignaturePage {
  readonly title: string;
  readonly intro: string;
  readonly facts: readonly (readonly [string, string])[];
  readonly signers: readonly {
    readonly title: string;
    readonly facts: readonly (readonly [string, string])[];
  }[];
  readonly waiting: string;
  readonly foot: string;
  readonly notice: string;
  readonly pageOf: string;
}

/** The signatures of a revision in words: who, as what, when, by which key, over which manifest. */
export function signaturePageOf(data: SignaturePageData): SignaturePage {
  const { auditName, revision: no, signatures, signers } = data;
  const first = signatures[0]?.content.signed;
  const waiting = signers.filter(
    (signer) => !signatures.some(({ content }) => isBy(content, signer)),
  );
  const n = signatures.length + waiting.length;
  return {
    title: message("revision.page.title", { no }),
    intro: message("revision.page.intro"),
    facts: [
      [message("revision.page.audit"), breakable(auditName)],
      [message("revision.page.audit-id"), first?.auditId ?? ""],
      [message("revision.page.manifest"), spaced(first?.manifestSha256 ?? "")],
      [message("revision.page.content"), spaced(data.contentSha256)],
      [
        message("revision.page.record"),
        message("revision.page.record.value", {
          no: whole(first?.recordNo ?? 0),
          hash: spaced(first?.recordHash ?? ""),
        }),
      ],
      [
        message("revision.page.signed"),
        message("revision.page.signed.value", { k: signatures.length, n }),
      ],
    ],
    signers: signatures.map(({ file, fingerprint, content: { signed, signature } }) => ({
      title: message("revision.page.signer", { name: breakable(signed.name), role: signed.role }),
      facts: [
        [message("revision.page.meaning"), message(`keys.meaning.${signed.meaning}`)],
        [
          message("revision.page.statement"),
          breakable(signed.statement) || message("revision.page.no-statement"),
        ],
        [message("revision.page.at"), signingDate(signed.signedAt)],
        [message("revision.page.key"), spaced(fingerprint)],
        [message("revision.page.file"), `signatures/${file}`],
        [message("revision.page.signature"), spaced(signature)],
      ],
    })),
    waiting:
      waiting.length === 0
        ? ""
        : message("revision.page.waiting", {
            names: waiting.map(({ name }) => breakable(name)).join(", "),
          }),
    foot: message("revision.page.foot", { audit: breakable(auditName), no }),
    notice: data.isMedical ? message("document.foot.notice") : "",
    pageOf: message("document.page-of"),
  };
}

function isBy({ signed }: SignatureFile, { readerId, meaning }: NamedSigner): boolean {
  return signed.readerId === readerId && signed.meaning === meaning;
}

/** Hex in groups of eight, as people compare it. */
function spaced(hex: string): string {
  return hex.replace(/.{8}(?=.)/g, "$& ");
}
