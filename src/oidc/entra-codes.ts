/** What one AADSTS number means for a login from GitHub Actions. */
export interface EntraMeaning {
  /** Stable: the output `error-code`. */
  readonly code: EntraCode;
  /** The claim of the ID token that no federated credential agrees with. */
  readonly claim?: "issuer" | "audience" | "subject";
  /** Another try may succeed, with nothing changed. */
  readonly transient?: true;
  /** What Entra also says for minutes after a federated credential was made. */
  readonly propagates?: true;
  readonly cause: string;
  readonly mend: string;
}

export type EntraCode =
  | "federated-credential-mismatch"
  | "issuer-mismatch"
  | "audience-mismatch"
  | "subject-mismatch"
  | "subject-case-mismatch"
  | "assertion-expired"
  | "assertion-from-entra"
  | "issuer-unreachable"
  | "client-not-found"
  | "tenant-not-found"
  | "wrong-cloud"
  | "api-not-in-tenant"
  | "invalid-scope"
  | "not-this-credential"
  | "client-secret-used"
  | "conditional-access"
  | "entra-busy"
  | "entra-refused";

/** The AADSTS numbers that we explain. A number added here does not compile until the table below has it. */
export type Aadsts = (typeof AADSTS)[number];
export const AADSTS = [
  70021, 700211, 700212, 700213, 7002131, 7002137, 7002138, 700024, 700222, 501661, 700016, 90002, 900382, 900432,
  90038, 500011, 70011, 1002012, 50020, 7000215, 7000222, 53003, 530032, 90055, 90033, 90006, 90024,
] as const;

const SUBJECT = {
  code: "subject-mismatch",
  claim: "subject",
  propagates: true,
  cause: "no federated credential of this identity has the subject that GitHub presented",
  mend: "add a federated credential with exactly the subject presented; the ready lines are in the log and the summary",
} as const;
const WRONG_CLOUD = {
  code: "wrong-cloud",
  cause: "the tenant or the identity belongs to another Azure cloud than the one asked",
  mend: 'set "cloud" to the one of the tenant: public, usgov, china, or custom with its endpoints',
} as const;
const SCOPE = {
  code: "invalid-scope",
  cause: "the scope asked for is not valid in this cloud",
  mend: 'check "resource-manager": the scope is made of it, with /.default behind',
} as const;
const SECRET = {
  code: "client-secret-used",
  cause: "a client secret was tried, and it is wrong or expired: the federated credential was not asked at all",
  mend: "remove AZURE_CLIENT_SECRET and ARM_CLIENT_SECRET from the job's environment",
} as const;
const ACCESS = {
  code: "conditional-access",
  cause: "a Conditional Access or security policy of the tenant blocks this sign-in, often by the runner's address",
  mend: "let an administrator exempt the workload identity, or run on a runner in a named location",
} as const;
const BUSY = {
  code: "entra-busy",
  transient: true,
  cause: "Entra is busy or briefly unavailable, also after several tries",
  mend: "run the job again; https://azure.status.microsoft shows outages",
} as const;

/** Said for every number that the table below does not know. */
export const UNKNOWN_REFUSAL: EntraMeaning = {
  code: "entra-refused",
  cause: "Entra refused the login for a reason that Mayfly has no explanation for",
  mend: "look the number up at https://login.microsoftonline.com/error, or ask support with the trace id",
};

/** What each number means: https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
export const ENTRA_MEANINGS: Readonly<Record<Aadsts, EntraMeaning>> = {
  70021: {
    code: "federated-credential-mismatch",
    propagates: true,
    cause: "no federated credential of this identity agrees with issuer, subject and audience of the token",
    mend: "compare all three with the credential; one that was made minutes ago may still be on its way",
  },
  700211: {
    code: "issuer-mismatch",
    claim: "issuer",
    propagates: true,
    cause: "no federated credential of this identity has the issuer that GitHub presented",
    mend:
      "the credential's issuer must equal the one presented, without a trailing slash; or the client id is that of " +
      "another identity",
  },
  700212: {
    code: "audience-mismatch",
    claim: "audience",
    propagates: true,
    cause: "no federated credential of this identity has the audience that was presented",
    mend: 'set "audience" (or "cloud") to the one in the credential, or add a credential with the one presented',
  },
  700213: SUBJECT,
  7002131: {
    ...SUBJECT,
    cause: "neither a subject nor an expression of this app's federated credentials matches the subject presented",
  },
  7002137: SUBJECT,
  7002138: {
    code: "subject-case-mismatch",
    claim: "subject",
    cause: "a federated credential has this subject, but in other upper and lower case, and Entra minds the case",
    mend: "delete that credential and make it again with exactly the subject presented, even if both look the same",
  },
  700024: {
    code: "assertion-expired",
    cause:
      "the ID token was not valid when Entra looked at it: it lives 300 seconds, and a wrong clock cuts that short",
    mend: "set the clock of the self-hosted runner by NTP; if the clocks agree, run the job again",
  },
  700222: {
    code: "assertion-from-entra",
    cause: "the token presented was issued by Entra itself, where one of GitHub is needed",
    mend: "let nothing set ACTIONS_ID_TOKEN_REQUEST_URL but the runner",
  },
  501661: {
    code: "issuer-unreachable",
    cause: "Entra could not fetch the keys of the token's issuer",
    mend: "a GitHub Enterprise Server must be reachable from the internet at /_services/token for Entra",
  },
  700016: {
    code: "client-not-found",
    cause: "the tenant has no identity with this client id",
    mend: 'check "client-id" (the client id, not the object id) and "tenant-id"',
  },
  90002: {
    code: "tenant-not-found",
    cause: "this cloud has no such tenant",
    mend: 'check "tenant-id" and "cloud"',
  },
  900382: WRONG_CLOUD,
  900432: WRONG_CLOUD,
  90038: WRONG_CLOUD,
  500011: {
    code: "api-not-in-tenant",
    cause: "the tenant does not know the API that the token is for",
    mend: 'check "cloud", and with "custom" also "resource-manager"',
  },
  70011: SCOPE,
  1002012: SCOPE,
  50020: {
    code: "not-this-credential",
    cause: "a user's account was refused, and this login uses none: another credential answered",
    mend: "look for leftover AZURE_USERNAME, AZURE_CLIENT_SECRET and an az login in the job",
  },
  7000215: SECRET,
  7000222: SECRET,
  53003: ACCESS,
  530032: ACCESS,
  90055: BUSY,
  90033: BUSY,
  90006: BUSY,
  90024: BUSY,
};

/** What a number means; undefined for one that is not in the table. */
export function findMeaning(aadsts: number | undefined): EntraMeaning | undefined {
  return Object.entries(ENTRA_MEANINGS).find(([number]) => Number(number) === aadsts)?.[1];
}
