import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import { connect, type TLSSocket } from "node:tls";
import type { HttpAnswer } from "../actions/smoke/world.ts";
import { NetworkError } from "./network-error.ts";
import { bind, type Patience } from "./patience.ts";

export interface Secured {
  readonly socket: TLSSocket;
  readonly certificate: HttpAnswer["certificate"];
  /** What is wrong with the certificate. Nothing may be sent then, unless the way itself says who answers. */
  readonly fault: NetworkError | undefined;
}

/**
 * TLS over a connection.
 *
 * Node's own check would throw the certificate away with the connection. So it is told to go on, and what it found is
 * read before anything is sent: who is told that a certificate has expired wants to know which one, and when.
 */
export function secure(stream: Duplex, host: string, patience: Patience): Promise<Secured> {
  patience.waitingFor = "TLS handshake";
  return new Promise((resolve, reject) => {
    const name = isIP(host) === 0 ? { servername: host } : {};
    const options = { socket: stream, host, ...name, rejectUnauthorized: false, ALPNProtocols: ["http/1.1"] };
    const socket = bind(connect(options), patience);
    // The end of TLS is not that of a connection that was there before.
    socket.once("close", () => stream.destroy());
    socket.once("secureConnect", () => {
      const found = socket.getPeerX509Certificate();
      const tlsCode = socket.authorized ? undefined : String(socket.authorizationError);
      resolve({
        socket,
        certificate: found === undefined ? undefined : readFacts(found),
        fault: tlsCode === undefined ? undefined : explain(tlsCode, found, host),
      });
    });
    socket.once("error", reject);
    stream.once("close", () => reject(Object.assign(new Error("closed"), { code: "ECONNRESET" })));
  });
}

function readFacts(certificate: X509Certificate): HttpAnswer["certificate"] {
  const { subject, subjectAltName, issuer, validToDate } = certificate;
  return { expiresAt: validToDate, subject: oneLine(subject ?? subjectAltName), issuer: oneLine(issuer) };
}

function explain(code: string, found: X509Certificate | undefined, host: string): NetworkError {
  const said = found === undefined ? "there is no certificate" : (explainKnown(code, found, host) ?? "");
  const words = said === "" ? `the certificate is not trusted` : said;
  return new NetworkError("tls", `${words} (${code})`);
}

const UNKNOWN_ISSUER =
  /^(?:SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT(?:_LOCALLY)?|UNABLE_TO_VERIFY_LEAF_SIGNATURE)$/;

function explainKnown(code: string, found: X509Certificate, host: string): string | undefined {
  const subject = oneLine(found.subject ?? found.subjectAltName);
  if (code === "CERT_HAS_EXPIRED") return `the certificate of ${subject} expired on ${day(found.validToDate)}`;
  if (code === "CERT_NOT_YET_VALID") {
    return `the certificate of ${subject} is valid only from ${day(found.validFromDate)} on`;
  }
  if (code === "DEPTH_ZERO_SELF_SIGNED_CERT") return `the certificate of ${subject} is self-signed`;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    const names = oneLine(found.subjectAltName ?? found.subject).replaceAll(/\bDNS:|\bIP Address:/g, "");
    return `the certificate is for ${names}, not for ${host}`;
  }
  if (!UNKNOWN_ISSUER.test(code)) return undefined;
  return `the certificate of ${subject} is issued by ${oneLine(found.issuer)}, an authority that is not known here (NODE_EXTRA_CA_CERTS names a file with more of them)`;
}

const day = (date: Date): string => date.toISOString().slice(0, 10);

const LONGEST = 200;

/** A name as OpenSSL prints it has a line for each part. */
function oneLine(name: string | undefined): string {
  const line = (name ?? "").trim().replaceAll(/\s*\n\s*/g, ", ");
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line || "no name";
}
