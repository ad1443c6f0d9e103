import { randomUUID } from "node:crypto";
import type { Clock } from "../clock.ts";
import { signingKeyOf } from "../jwt.ts";
import { bearerToken, jsonResponse, type WireRequest, type WireResponse } from "../wire.ts";
import { claimsOf } from "./claims.ts";
import { type SubjectFacts, subjectOf } from "./subject.ts";

export const GITHUB_ISSUER = "https://token.actions.githubusercontent.com";

export interface JobOptions extends SubjectFacts {
  readonly headRef?: string;
  readonly baseRef?: string;
  readonly sha?: string;
  readonly actor?: string;
  /** File name of the workflow without its ending. */
  readonly workflow?: string;
  readonly jobWorkflowRef?: string;
  readonly runId?: string;
  readonly visibility?: "public" | "private" | "internal";
  /** The enterprise's slug; with it the issuer ends in it, as with `include_enterprise_slug`. */
  readonly enterprise?: string;
  /** Another issuer: GHES, data residency. Its discovery is served as long as its host is one of this emulator. */
  readonly issuer?: string;
  /** Claims to add or to replace. */
  readonly claims?: Readonly<Record<string, string>>;
}

export interface Job {
  readonly id: string;
  /** For `ACTIONS_ID_TOKEN_REQUEST_URL`. */
  readonly requestUrl: string;
  /** For `ACTIONS_ID_TOKEN_REQUEST_TOKEN`. */
  readonly requestToken: string;
  readonly issuer: string;
  readonly subject: string;
}

export interface GithubIssuer {
  readonly issuer: string;
  /** Status of the refusal after the job's end: not known for the real service. */
  settings: { completedStatus: number };
  registerJob(options: JobOptions): Job;
  /** From now on the job gets no ID token any more. */
  complete(job: Pick<Job, "id">): void;
  /** An ID token as the endpoint would hand it out now, without a request. */
  idToken(job: Pick<Job, "id">, audience?: string): string;
  answer(request: WireRequest, url: URL): WireResponse | undefined;
}

/** Seconds around the time of issue. */
const NOT_BEFORE = 600;
const LIFETIME = 300;
/** Seconds that a job's request token lives. */
const JOB_LIFETIME = 6 * 3600 + 600;

interface Registered extends Job {
  readonly options: JobOptions;
  readonly claims: Readonly<Record<string, string>>;
  readonly expires: number;
  completed: boolean;
}

export function createGithubIssuer(clock: Clock): GithubIssuer {
  const jobs = new Map<string, Registered>();
  const issuers = new Set([GITHUB_ISSUER]);
  const settings = { completedStatus: 400 };

  const mint = (job: Registered, audience: string | undefined) => {
    const iat = Math.floor(clock.time() / 1000);
    const aud = audience ?? `https://github.com/${job.options.repository.split("/")[0]}`;
    const times = { nbf: iat - NOT_BEFORE, exp: iat + LIFETIME, iat };
    return signingKeyOf(job.issuer).sign({
      jti: randomUUID(),
      sub: job.subject,
      aud,
      ...job.claims,
      iss: job.issuer,
      ...times,
    });
  };
  const known = ({ id }: Pick<Job, "id">) => {
    const job = jobs.get(id);
    if (job === undefined) throw new Error(`No job ${id} is registered`);
    return job;
  };

  return {
    issuer: GITHUB_ISSUER,
    settings,
    registerJob: (options) => {
      const id = randomUUID();
      const claims = claimsOf(options);
      const issuer =
        options.issuer ?? (options.enterprise === undefined ? GITHUB_ISSUER : `${GITHUB_ISSUER}/${options.enterprise}`);
      issuers.add(issuer);
      const start = Math.floor(clock.time() / 1000);
      const expires = start + JOB_LIFETIME;
      const requestToken = signingKeyOf("github-jobs").sign({
        sub: `job ${id}`,
        jti: randomUUID(),
        nbf: start - NOT_BEFORE,
        exp: expires,
      });
      const requestUrl = `https://run-actions-1-azure-eastus.actions.githubusercontent.com/42//idtoken/${randomUUID()}/${id}?api-version=2.0`;
      const subject = subjectOf(options, claims);
      jobs.set(id, { id, options, claims, issuer, requestUrl, requestToken, subject, expires, completed: false });
      return { id, issuer, requestUrl, requestToken, subject };
    },
    complete: (job) => {
      known(job).completed = true;
    },
    idToken: (job, audience) => mint(known(job), audience),
    answer: (request, url) => {
      const discovery = answerDiscovery(url, issuers);
      if (discovery !== undefined) return discovery;
      const id = /\/idtoken\/[^/]+\/([^/?]+)$/.exec(url.pathname)?.[1];
      if (id === undefined) return undefined;
      const job = jobs.get(id);
      const now = clock.time() / 1000;
      if (job === undefined || bearerToken(request) !== job.requestToken || now >= job.expires) {
        return jsonResponse(401, {
          $id: "1",
          innerException: null,
          message: "The user is not authorized to access this resource.",
        });
      }
      if (job.completed) {
        const message = "Can't issue ID_TOKEN for job in 'Completed' state.";
        return jsonResponse(settings.completedStatus, { $id: "1", innerException: null, message });
      }
      const value = mint(job, url.searchParams.get("audience") ?? undefined);
      return jsonResponse(200, { count: value.length, value });
    },
  };
}

function answerDiscovery(url: URL, issuers: ReadonlySet<string>): WireResponse | undefined {
  const [, base, what] = /^(.*)\/\.well-known\/(openid-configuration|jwks)$/.exec(`${url.origin}${url.pathname}`) ?? [];
  if (base === undefined || !issuers.has(base)) return undefined;
  if (what === "jwks") return jsonResponse(200, signingKeyOf(base).jwks);
  return jsonResponse(200, {
    issuer: base,
    jwks_uri: `${base}/.well-known/jwks`,
    subject_types_supported: ["public", "pairwise"],
    response_types_supported: ["id_token"],
    claims_supported: CLAIMS,
    id_token_signing_alg_values_supported: ["RS256"],
    scopes_supported: ["openid"],
  });
}

const CLAIMS =
  "sub aud exp iat iss jti nbf ref sha repository repository_id repository_owner repository_owner_id enterprise enterprise_id run_id run_number run_attempt actor actor_id workflow workflow_ref workflow_sha head_ref base_ref event_name ref_type ref_protected environment environment_node_id job_workflow_ref job_workflow_sha repository_visibility runner_environment issuer_scope".split(
    " ",
  );
