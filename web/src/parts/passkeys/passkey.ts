import { Refused, send, type In, type Out } from "../../lib/api.ts";
import { t } from "../../lib/text.ts";

type Options = Out<"POST /api/sessions/passkey/options">;
export type NewPasskey = In<"POST /api/passkeys">["passkey"];
type Proof = In<"POST /api/sessions/passkey">["passkey"];

const ALGORITHMS = [-7, -8, -257]; // ES256, EdDSA, RS256
const LIFE_MS = 5 * 60 * 1000;
const RENEW_MS = 4 * 60 * 1000;
const TRANSPORTS_MAX = 64;

/** Why passkeys cannot be had here, as the key of a sentence; "" when they can. */
export function passkeysMissing(): string {
  if (!window.isSecureContext) return "passkey.insecure";
  if (!("PublicKeyCredential" in window)) return "passkey.unsupported";
  return /^[\d.]+$|:/.test(location.hostname) ? "passkey.place" : "";
}

const toBytes = (text: string): Uint8Array<ArrayBuffer> => {
  const letters = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
};

const toText = (buffer: ArrayBuffer): string =>
  btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

/** What the browser says no with, as a refusal that forms and toasts know to show. */
function refusal(error: unknown): Refused {
  const said: Record<string, string> = {
    NotAllowedError: "passkey.cancelled",
    AbortError: "passkey.cancelled",
    InvalidStateError: "passkey.known",
    SecurityError: "passkey.place",
    NotSupportedError: "passkey.unfit",
    ConstraintError: "passkey.unfit",
  };
  const key = (error instanceof Error && said[error.name]) || "passkey.failed";
  return new Refused(0, key, t(key));
}

/* A browser has one question to its person at a time: the next one ends the one before. */
let asking: AbortController | null = null;

function nextQuestion(): AbortSignal {
  asking?.abort();
  asking = new AbortController();
  return asking.signal;
}

const known = (options: Options): PublicKeyCredentialDescriptor[] =>
  options.keys.map((key) => ({
    type: "public-key",
    id: toBytes(key.id),
    transports: key.transports.split(" ").filter(Boolean) as AuthenticatorTransport[],
  }));

async function make(options: Options, name: string, label: string): Promise<NewPasskey> {
  const missing = passkeysMissing();
  if (missing) throw new Refused(0, missing, t(missing));
  let made;
  try {
    made = (await navigator.credentials.create({
      signal: nextQuestion(),
      publicKey: {
        rp: { id: options.site, name: options.site_name },
        user: { id: toBytes(options.user!), name, displayName: name },
        challenge: toBytes(options.challenge),
        pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
        timeout: LIFE_MS,
        attestation: "none",
        authenticatorSelection: {
          residentKey: "required",
          requireResidentKey: true,
          userVerification: options.verification,
        },
        excludeCredentials: known(options),
      },
    })) as PublicKeyCredential | null;
  } catch (error) {
    throw refusal(error);
  }
  if (!made) throw refusal(null);
  const response = made.response as AuthenticatorAttestationResponse;
  return {
    client_data: toText(response.clientDataJSON),
    attestation: toText(response.attestationObject),
    transports: (response.getTransports?.() ?? []).join(" ").slice(0, TRANSPORTS_MAX),
    label,
  };
}

async function prove(options: Options, conditional?: AbortSignal): Promise<Proof> {
  const missing = passkeysMissing();
  if (missing) throw new Refused(0, missing, t(missing));
  let got;
  try {
    got = (await navigator.credentials.get({
      signal: conditional ?? nextQuestion(),
      ...(conditional ? { mediation: "conditional" as const } : {}),
      publicKey: {
        rpId: options.site,
        challenge: toBytes(options.challenge),
        timeout: LIFE_MS,
        userVerification: options.verification,
        allowCredentials: known(options),
      },
    })) as PublicKeyCredential | null;
  } catch (error) {
    throw refusal(error);
  }
  if (!got) throw refusal(null);
  const response = got.response as AuthenticatorAssertionResponse;
  return {
    id: toText(got.rawId),
    client_data: toText(response.clientDataJSON),
    auth_data: toText(response.authenticatorData),
    signature: toText(response.signature),
    user: response.userHandle ? toText(response.userHandle) : null,
  };
}

/** The passkey of an account that does not exist yet. */
export async function passkeyForNew(name: string): Promise<NewPasskey> {
  return await make(await send("POST /api/accounts/passkey/options", {}), name, deviceName());
}

export async function addPasskey(name: string, label: string): Promise<void> {
  const passkey = await make(await send("POST /api/passkeys/options", {}), name, label);
  await send("POST /api/passkeys", { passkey });
}

/** `reopen`: an account that its owner closed is opened again. */
export async function signInByPasskey(remember: boolean, reopen = false): Promise<void> {
  const passkey = await prove(await send("POST /api/sessions/passkey/options", {}));
  await send("POST /api/sessions/passkey", { passkey, remember, ...(reopen ? { reopen } : {}) });
}

/** The second step of signing in; `ticket` is what the first one gave. */
export async function passSecondByPasskey(ticket: string): Promise<void> {
  const passkey = await prove(await send("POST /api/sessions/second/passkey/options", { ticket }));
  await send("POST /api/sessions/second/passkey", { ticket, passkey });
}

/** This session is still its owner's. */
export async function proveByPasskey(): Promise<void> {
  const passkey = await prove(await send("POST /api/sessions/current/passkey/options", {}));
  await send("POST /api/sessions/current/passkey", { passkey });
}

/**
 * Lets the browser offer passkeys among the names it fills in (autocomplete "webauthn"), until
 * the returned function is called or another question is asked. A challenge lives for minutes and
 * a page for hours, so it is renewed; what goes wrong in silence stays silent.
 */
export function offerPasskeys(
  remember: () => boolean,
  done: () => Promise<void>,
  failed: (error: unknown) => void,
): () => void {
  let over = false;
  let timer = 0;
  const round = async (): Promise<void> => {
    const able = await PublicKeyCredential.isConditionalMediationAvailable?.();
    if (!able || over) return;
    const options = await send("POST /api/sessions/passkey/options", {});
    if (over) return;
    const question = (asking = new AbortController());
    timer = window.setTimeout(() => {
      if (asking !== question) return;
      question.abort();
      void round().catch(() => undefined);
    }, RENEW_MS);
    let passkey: Proof;
    try {
      passkey = await prove(options, question.signal);
    } catch {
      return;
    }
    try {
      await send("POST /api/sessions/passkey", { passkey, remember: remember() });
    } catch (error) {
      failed(error);
      return over ? undefined : await round();
    }
    clearTimeout(timer);
    await done();
  };
  if (!passkeysMissing()) void round().catch(() => undefined);
  return () => {
    over = true;
    clearTimeout(timer);
    asking?.abort();
    asking = null;
  };
}

/** A name for a new passkey that its owner will know again. */
export function deviceName(): string {
  const agent = navigator.userAgent;
  const names = ["iPhone", "iPad", "Android", "Windows", "CrOS", "Mac", "Linux"];
  const found = names.find((name) => agent.includes(name));
  return found === "CrOS" ? "ChromeOS" : (found ?? t("passkey.one"));
}
