export const id = 131;
export const ids = [131];
export const modules = {

/***/ 8884:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ro: () => (/* binding */ azureInputs),
/* harmony export */   eH: () => (/* binding */ descriptions),
/* harmony export */   hO: () => (/* binding */ cloudChoice),
/* harmony export */   xr: () => (/* binding */ idForms)
/* harmony export */ });
/* harmony import */ var _kit_input_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5708);

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** A tenant may also be named by one of its domains. */
const TENANT = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z0-9-]+(?:\.[a-z0-9-]+)+)$/i;
const guid = { pattern: GUID, expected: "a GUID such as 12345678-1234-1234-1234-123456789abc" };
const tenant = { pattern: TENANT, expected: "the tenant's id, a GUID, or one of its domains" };
/** What each kind of id must look like, for inputs made from them. */
const idForms = { guid, tenant };
/** The same words everywhere: an input means the same in every action. */
const descriptions = {
    "client-id": "Client (application) id of the managed identity or app; not its object id.",
    "tenant-id": "Tenant (directory) of the identity: its id, or one of its domains.",
    "subscription-id": "Subscription to work in.",
    cloud: "The Azure cloud. `custom` needs `authority-host`, `resource-manager` and `audience`.",
    "authority-host": "With `cloud: custom`: where tokens come from, such as `https://login.example.com`.",
    "resource-manager": "With `cloud: custom`: the address of Azure Resource Manager.",
    audience: "The audience of the federated credential; the cloud's own when left out.",
};
/** The alternatives of `cloud`. */
const cloudChoice = (0,_kit_input_js__WEBPACK_IMPORTED_MODULE_0__/* .choice */ .Yq)("public", "usgov", "china", "custom");
/** The inputs of an action that speaks to Azure: each may be left out after `azure-login`, which exports them. */
const azureInputs = {
    "client-id": (0,_kit_input_js__WEBPACK_IMPORTED_MODULE_0__/* .text */ .Qq)({ ...guid, description: descriptions["client-id"], env: "AZURE_CLIENT_ID" }),
    "tenant-id": (0,_kit_input_js__WEBPACK_IMPORTED_MODULE_0__/* .text */ .Qq)({ ...tenant, description: descriptions["tenant-id"], env: "AZURE_TENANT_ID" }),
    "subscription-id": (0,_kit_input_js__WEBPACK_IMPORTED_MODULE_0__/* .text */ .Qq)({ ...guid, description: descriptions["subscription-id"], env: "AZURE_SUBSCRIPTION_ID" }),
    cloud: cloudChoice({ description: descriptions.cloud, default: "public", env: "MAYFLY_CLOUD" }),
    "authority-host": (0,_kit_input_js__WEBPACK_IMPORTED_MODULE_0__/* .text */ .Qq)({ description: descriptions["authority-host"], env: "MAYFLY_AUTHORITY_HOST" }),
    "resource-manager": (0,_kit_input_js__WEBPACK_IMPORTED_MODULE_0__/* .text */ .Qq)({ description: descriptions["resource-manager"], env: "MAYFLY_RESOURCE_MANAGER" }),
    audience: (0,_kit_input_js__WEBPACK_IMPORTED_MODULE_0__/* .text */ .Qq)({ description: descriptions.audience, env: "MAYFLY_AUDIENCE" }),
};


/***/ }),

/***/ 4676:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Gb: () => (/* binding */ requestIdOf),
/* harmony export */   Kl: () => (/* binding */ faultOf),
/* harmony export */   PV: () => (/* binding */ keepingAlive),
/* harmony export */   cK: () => (/* binding */ refusing),
/* harmony export */   pH: () => (/* binding */ governed),
/* harmony export */   qJ: () => (/* binding */ watchingClock)
/* harmony export */ });
/* harmony import */ var node_https__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4708);
/* harmony import */ var _ttl_blockers_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(6249);
/* harmony import */ var _arm_refusal_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7068);
/* harmony import */ var _retry_after_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6650);




/** Answers to a GET that are worth another try. A DELETE is never sent twice on one re-read. */
const TRANSIENT = new Set([408, 429, 500, 502, 503, 504]);
const TRIES = 5;
const FIRST_DELAY_MS = 1_000;
const LONGEST_REQUEST_MS = 60_000;
/**
 * Keeps to ARM's pace and retries reads.
 *
 * The SDK's own retries are switched off: they sleep whatever `Retry-After` says (372 s were seen), know no deadline,
 * and give up at once on a 429 without the header.
 */
function governed(governor, time) {
    const sendPaced = async (request, next) => {
        const [subscription, operation] = bucketOf(request);
        // A delete has reserved its token before the group was read again, so that nothing delays it now.
        if (operation === "read")
            await governor.reserve(subscription, operation);
        request.timeout = LONGEST_REQUEST_MS;
        const response = await next(request);
        const remaining = response.headers.get(`x-ms-ratelimit-remaining-subscription-${operation}s`);
        if (remaining !== undefined && /^\d+$/.test(remaining))
            governor.observe(subscription, operation, Number(remaining));
        if (response.status === 429) {
            governor.hold(subscription, operation, (0,_retry_after_js__WEBPACK_IMPORTED_MODULE_2__/* .readRetryAfter */ .D)(response.headers, time.now()) ?? FIRST_DELAY_MS);
        }
        return response;
    };
    return {
        name: "mayflyGovernor",
        sendRequest: async (request, next) => {
            for (let tried = 1;; tried += 1) {
                const last = request.method !== "GET" || tried >= TRIES || request.abortSignal?.aborted === true;
                const answer = await sendPaced(request, next).catch((error) => {
                    if (last)
                        throw error;
                    return error;
                });
                const response = isResponse(answer) ? answer : undefined;
                if (response !== undefined && (last || !TRANSIENT.has(response.status)))
                    return response;
                const asked = response === undefined ? undefined : (0,_retry_after_js__WEBPACK_IMPORTED_MODULE_2__/* .readRetryAfter */ .D)(response.headers, time.now());
                const delay = asked ?? FIRST_DELAY_MS * 2 ** (tried - 1) * (0.5 + time.random());
                if (delay >= time.left()) {
                    if (response !== undefined)
                        return response;
                    throw answer;
                }
                await time.sleep(delay);
            }
        },
    };
}
/** Turns every answer that is not a success into an `ArmRefusal`, before the SDK can lose its body. */
const refusing = {
    name: "mayflyRefusing",
    sendRequest: async (request, next) => {
        const response = await next(request);
        if (response.status < 400)
            return response;
        const path = new URL(request.url).pathname;
        throw new _arm_refusal_js__WEBPACK_IMPORTED_MODULE_1__/* .ArmRefusal */ .p(`${request.method} ${path}`, response.status, faultOf(response), requestIdOf(response));
    },
};
/** Reports ARM's clock (its `Date` header) with the local moment at which it was read. */
function watchingClock(time, saw) {
    return {
        name: "mayflyClock",
        sendRequest: async (request, next) => {
            const response = await next(request);
            const date = Date.parse(response.headers.get("date") ?? "");
            if (!Number.isNaN(date))
                saw(new Date(date), time.now());
            return response;
        },
    };
}
/**
 * One agent that keeps connections alive through a proxy. The SDK's own proxy agent opens a tunnel and a TLS session for
 * every request; Node's agent reads HTTPS_PROXY and NO_PROXY itself.
 */
function keepingAlive(environment) {
    const proxied = environment["HTTPS_PROXY"] || environment["https_proxy"];
    const agent = proxied ? new node_https__WEBPACK_IMPORTED_MODULE_0__.Agent({ keepAlive: true, proxyEnv: { ...environment } }) : undefined;
    return {
        name: "mayflyKeepAlive",
        sendRequest: (request, next) => {
            if (agent !== undefined)
                request.agent = agent;
            return next(request);
        },
    };
}
/** The error in an answer's body; a body that is no error of ARM's (a proxy's page) is quoted by its beginning. */
function faultOf(response) {
    const text = response.bodyAsText ?? "";
    try {
        const fault = (0,_ttl_blockers_js__WEBPACK_IMPORTED_MODULE_3__/* .readFault */ .X)(JSON.parse(text));
        if (fault !== undefined)
            return fault;
    }
    catch {
        // Not JSON: said below.
    }
    return { code: "NoArmError", message: text === "" ? "an empty answer" : text.slice(0, 300) };
}
/** The id by which Azure's support finds a request. */
function requestIdOf(response) {
    return response.headers.get("x-ms-request-id") ?? response.headers.get("x-ms-correlation-request-id") ?? "unknown";
}
function bucketOf(request) {
    const subscription = /\/subscriptions\/([^/?]+)/i.exec(request.url)?.[1] ?? "";
    return [subscription, request.method === "DELETE" ? "delete" : "read"];
}
function isResponse(answer) {
    return answer !== null && typeof answer === "object" && "status" in answer && "headers" in answer;
}


/***/ }),

/***/ 7068:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   G: () => (/* binding */ explainRefusal),
/* harmony export */   p: () => (/* binding */ ArmRefusal)
/* harmony export */ });
/* harmony import */ var _kit_user_error_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(878);

/** An answer of ARM's that is not a success, with everything that the SDK's paged lists drop. */
class ArmRefusal extends Error {
    name = "ArmRefusal";
    status;
    fault;
    /** `x-ms-request-id`: what Azure's support asks for. */
    requestId;
    constructor(request, status, fault, requestId) {
        super(`ARM answered ${request} with ${status} ${fault.code}: ${fault.message} (request ${requestId})`);
        this.status = status;
        this.fault = fault;
        this.requestId = requestId;
    }
}
const MEANING = [
    {
        test: (refusal) => refusal.status === 403 && refusal.fault.code.startsWith("DenyAssignment"),
        code: "arm-denied",
        do: "A deny assignment forbids it; only who made it can lift it.",
    },
    {
        test: (refusal) => refusal.status === 403,
        code: "arm-denied",
        do: "Give the identity a role that allows it: az role assignment create --assignee <client-id> --role <role> --scope <scope>",
    },
    {
        test: (refusal) => refusal.fault.code === "SubscriptionNotFound" || refusal.fault.code === "InvalidSubscriptionId",
        code: "subscription-not-found",
        do: "Check the id, and that the identity has a role in this subscription: az account show --subscription <id>",
    },
    {
        test: (refusal) => refusal.status === 401,
        code: "arm-unauthorized",
        do: "The token was refused: check the tenant.",
    },
    { test: (refusal) => refusal.status === 429, code: "arm-throttled", do: "Run it again later; nothing was lost." },
    { test: (refusal) => refusal.status >= 500, code: "arm-unavailable", do: "Run it again; nothing was lost." },
];
/** What a person should read when ARM refuses: one clause that says what was tried, ARM's words, and what to do. */
function explainRefusal(clause, error) {
    if (error instanceof _kit_user_error_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .y)
        return error;
    if (!(error instanceof ArmRefusal)) {
        const text = `${clause}: no answer from ARM. Check the network and proxy of the runner.`;
        return new _kit_user_error_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .y("arm-unreachable", text, { cause: error });
    }
    const meaning = MEANING.find((one) => one.test(error));
    const advice = meaning === undefined ? "" : ` ${meaning.do}`;
    return new _kit_user_error_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .y(meaning?.code ?? "arm-refused", `${clause}.${advice}`, { cause: error });
}


/***/ }),

/***/ 4826:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   R: () => (/* binding */ chooseCloud)
/* harmony export */ });
/* harmony import */ var _kit_user_error_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(878);

/** https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations lists the audiences. */
const KNOWN = {
    public: {
        name: "public",
        authorityHost: "https://login.microsoftonline.com",
        resourceManager: "https://management.azure.com",
        audience: "api://AzureADTokenExchange",
        terraformEnvironment: "public",
        azCloudName: "AzureCloud",
    },
    usgov: {
        name: "usgov",
        authorityHost: "https://login.microsoftonline.us",
        resourceManager: "https://management.usgovcloudapi.net",
        audience: "api://AzureADTokenExchangeUSGov",
        terraformEnvironment: "usgovernment",
        azCloudName: "AzureUSGovernment",
    },
    china: {
        name: "china",
        authorityHost: "https://login.partner.microsoftonline.cn",
        resourceManager: "https://management.chinacloudapi.cn",
        audience: "api://AzureADTokenExchangeChina",
        terraformEnvironment: "china",
        azCloudName: "AzureChinaCloud",
    },
};
/**
 * The cloud that the inputs describe.
 *
 * @throws UserError `bad-input` when `custom` lacks an endpoint, or a known cloud is given one of its own.
 */
function chooseCloud(inputs) {
    const known = inputs.cloud === "custom" ? parseCustom(inputs) : parseKnown(inputs.cloud, inputs);
    return {
        ...known,
        audience: inputs.audience ?? known.audience,
        usualAudience: known.name === "custom" ? undefined : known.audience,
        armScope: `${known.resourceManager}/.default`,
    };
}
function parseKnown(name, inputs) {
    const stray = [
        ...(inputs.authorityHost === undefined ? [] : ["authority-host"]),
        ...(inputs.resourceManager === undefined ? [] : ["resource-manager"]),
    ];
    if (stray.length > 0) {
        const them = stray.map((input) => `"${input}"`).join(" and ");
        throw new _kit_user_error_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .y("bad-input", `${them} may be given only with "cloud: custom", got "cloud: ${name}".`);
    }
    return KNOWN[name];
}
function parseCustom(inputs) {
    const given = {
        "authority-host": inputs.authorityHost,
        "resource-manager": inputs.resourceManager,
        audience: inputs.audience,
    };
    const missing = Object.entries(given).flatMap(([input, value]) => (value === undefined ? [input] : []));
    if (missing.length > 0) {
        const them = missing.map((input) => `"${input}"`).join(", ");
        throw new _kit_user_error_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .y("bad-input", `"cloud: custom" needs ${them} as well.`);
    }
    return {
        name: "custom",
        authorityHost: parseEndpoint("authority-host", inputs.authorityHost ?? ""),
        resourceManager: parseEndpoint("resource-manager", inputs.resourceManager ?? ""),
        audience: inputs.audience ?? "",
        terraformEnvironment: undefined,
        azCloudName: undefined,
    };
}
/** An https address without path or trailing slash; a bare host name gets its scheme. */
function parseEndpoint(input, text) {
    const address = URL.parse(text.includes("://") ? text : `https://${text}`);
    const bare = address !== null && /^\/*$/.test(address.pathname) && address.search === "" && address.hash === "";
    if (address === null || address.protocol !== "https:" || !bare || address.username !== "") {
        throw new _kit_user_error_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .y("bad-input", `${input}: expected an address such as https://login.example.com, got "${text}"`);
    }
    return address.origin;
}


/***/ }),

/***/ 852:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  y: () => (/* binding */ connectCredential),
  H: () => (/* binding */ loadIdentity)
});

// EXTERNAL MODULE: ./lib/oidc/claims.js
var claims = __webpack_require__(3988);
// EXTERNAL MODULE: ./lib/kit/user-error.js
var user_error = __webpack_require__(878);
// EXTERNAL MODULE: ./lib/oidc/connection-fault.js
var connection_fault = __webpack_require__(3416);
// EXTERNAL MODULE: ./lib/oidc/refusal.js + 1 modules
var oidc_refusal = __webpack_require__(5973);
// EXTERNAL MODULE: ./lib/azure/entra-error.js
var entra_error = __webpack_require__(8848);
// EXTERNAL MODULE: ./lib/azure/retry.js
var retry = __webpack_require__(7573);
;// CONCATENATED MODULE: ./lib/azure/exchange.js





/**
 * One exchange of an ID token for an access token, without any retry of the SDK's own: a later try needs a newer ID
 * token. `again` only for what passes by itself.
 *
 * The SDK asks for the assertion twice for each token, so it is handed a finished one.
 */
async function exchange(options) {
    const wire = {};
    const { cloud, attempt } = options;
    const credential = new options.identity.ClientAssertionCredential(attempt.tenantId, attempt.clientId, async () => options.idToken, {
        authorityHost: cloud.authorityHost,
        // A custom authority is trusted because a person named it; Microsoft's list of hosts does not know it.
        disableInstanceDiscovery: cloud.name === "custom",
        retryOptions: { maxRetries: 0 },
        additionalPolicies: [{ policy: watch(wire), position: "perRetry" }],
        ...(options.httpClient === undefined ? {} : { httpClient: options.httpClient }),
    });
    try {
        const scopes = typeof options.scopes === "string" ? options.scopes : [...options.scopes];
        const token = await credential.getToken(scopes, options.getOptions);
        return { kind: "done", value: { token, requestId: wire.response?.headers.get("x-ms-request-id") } };
    }
    catch (error) {
        return explain(error, wire, options);
    }
}
function watch(wire) {
    return {
        name: "mayfly-watch-entra",
        sendRequest: async (request, next) => {
            delete wire.response;
            delete wire.fault;
            try {
                wire.response = await next(request);
                return wire.response;
            }
            catch (error) {
                wire.fault = error;
                throw error;
            }
        },
    };
}
/** A finished refusal is thrown; what may pass is handed back for another try. */
function explain(error, wire, options) {
    const { response } = wire;
    if (wire.fault !== undefined) {
        const unreachable = sayUnreachable(options.cloud.authorityHost, (0,connection_fault/* describeConnectionFault */.e)(wire.fault), error);
        if ((0,connection_fault/* isPassingFault */.E)(wire.fault))
            return { kind: "again", because: unreachable };
        throw unreachable;
    }
    // Nothing was sent, or Entra was content: the fault is not on the wire.
    if (response === undefined || response.status < 400)
        throw error;
    const answer = (0,oidc_refusal/* parseEntraAnswer */.Yw)(response.status, response.bodyAsText ?? "", (name) => response.headers.get(name));
    const receivedAt = options.now();
    if (answer.error === undefined && answer.aadsts === undefined && !(0,oidc_refusal/* isBusyStatus */.Gz)(answer.status)) {
        const said = `HTTP ${answer.status} that is not Entra's, as a proxy or firewall in between gives`;
        throw sayUnreachable(options.cloud.authorityHost, said, error);
    }
    const refusal = { attempt: options.attempt, answer, meaning: (0,oidc_refusal/* explainAnswer */.iJ)(answer), receivedAt };
    const refused = new entra_error/* EntraError */.B(refusal);
    if (refusal.meaning.transient || (0,oidc_refusal/* isBusyStatus */.Gz)(answer.status)) {
        return { kind: "again", because: refused, waitMs: (0,retry/* parseRetryAfter */.mu)(answer.retryAfter, receivedAt) };
    }
    throw refused;
}
function sayUnreachable(host, because, cause) {
    const todo = `To do: let the runner reach ${host} (HTTPS_PROXY, NO_PROXY, firewall, NODE_EXTRA_CA_CERTS).`;
    return new user_error/* UserError */.y("entra-unreachable", `Cannot reach Entra at ${host}: ${because}.\n${todo}`, {
        cause,
    });
}

;// CONCATENATED MODULE: ./lib/azure/credential.js



/** The cached token is given up this long before it ends: a request that it starts with must still end well. */
const REFRESH_BEFORE_MS = 5 * 60_000;
/**
 * The job's federated identity as a credential for every Azure client. It keeps working for as long as the job does:
 * each exchange presents an ID token of its own, since GitHub's live for 300 seconds only.
 *
 * Access tokens are kept until five minutes before their end; callers at the same time share one exchange. The SDK is
 * loaded when the first token is asked for, while GitHub makes the ID token.
 *
 * `getToken` throws `EntraError` (with the refusal taken from the wire, which the SDK hides) or `UserError`
 * `entra-unreachable`; whatever `idToken` throws comes through as it is.
 */
function connectCredential(options) {
    const kept = new Map();
    const underWay = new Map();
    return {
        getToken: (scopes, getOptions = {}) => {
            const key = JSON.stringify([scopes, getOptions.tenantId, getOptions.enableCae, getOptions.claims]);
            const cached = kept.get(key);
            if (cached !== undefined && isFresh(cached, options.now()))
                return Promise.resolve(cached);
            const running = underWay.get(key);
            if (running !== undefined)
                return running;
            const started = exchangeWithRetry(options, scopes, getOptions)
                .then((token) => {
                kept.set(key, token);
                return token;
            })
                .finally(() => underWay.delete(key));
            underWay.set(key, started);
            return started;
        },
    };
}
function isFresh(token, now) {
    const until = Math.min(token.refreshAfterTimestamp ?? Number.POSITIVE_INFINITY, token.expiresOnTimestamp - REFRESH_BEFORE_MS);
    return now.getTime() < until;
}
async function exchangeWithRetry(options, scopes, getOptions) {
    const { token, requestId } = await (0,retry/* retry */.L5)(async (count) => {
        // Both at once: the module takes as long to load as GitHub to answer.
        const [idToken, identity] = await Promise.all([options.idToken(options.cloud.audience), loadIdentity()]);
        options.mask(idToken);
        const attempt = {
            tenantId: options.tenantId,
            clientId: options.clientId,
            cloud: options.cloud.name,
            usualAudience: options.cloud.usualAudience,
            claims: (0,claims/* parseIdToken */.U)(idToken),
        };
        const outcome = await exchange({ ...options, identity, idToken, attempt, scopes, getOptions });
        if (outcome.kind === "again")
            options.debug?.(`try ${count} of the token exchange: ${String(outcome.because)}`);
        else
            options.mask(outcome.value.token.token);
        return outcome;
    }, options);
    options.onExchange?.(requestId);
    return token;
}
/** Loads the SDK: who knows that a token will be wanted soon begins with it while something else is waited for. */
function loadIdentity() {
    return Promise.all(/* import() */[__webpack_require__.e(818), __webpack_require__.e(563)]).then(__webpack_require__.bind(__webpack_require__, 5563));
}


/***/ }),

/***/ 8848:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   B: () => (/* binding */ EntraError)
/* harmony export */ });
/* harmony import */ var _kit_user_error_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(878);
/* harmony import */ var _oidc_render_refusal_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6139);


/** Entra refused a token. The message explains it briefly; `refusal` holds what a fuller report is made of. */
class EntraError extends _kit_user_error_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .y {
    refusal;
    constructor(refusal) {
        super(refusal.meaning.code, (0,_oidc_render_refusal_js__WEBPACK_IMPORTED_MODULE_1__/* .renderRefusal */ .$)(refusal));
        this.refusal = refusal;
    }
}


/***/ }),

/***/ 6650:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   D: () => (/* binding */ readRetryAfter)
/* harmony export */ });
/**
 * Milliseconds that an answer asks to wait: `Retry-After` in seconds or as an HTTP date, or Azure's forms in
 * milliseconds. Undefined when it asks for nothing, or for nonsense.
 */
function readRetryAfter(headers, now) {
    for (const name of ["retry-after-ms", "x-ms-retry-after-ms"]) {
        const milliseconds = toCount(headers.get(name));
        if (milliseconds !== undefined)
            return milliseconds;
    }
    const text = headers.get("retry-after");
    const seconds = toCount(text);
    if (seconds !== undefined)
        return seconds * 1000;
    const date = text === undefined ? Number.NaN : Date.parse(text);
    return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}
function toCount(text) {
    return text !== undefined && /^\d{1,9}$/.test(text.trim()) ? Number(text) : undefined;
}


/***/ }),

/***/ 7573:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   L5: () => (/* binding */ retry),
/* harmony export */   P6: () => (/* binding */ LOGIN_RETRY),
/* harmony export */   mu: () => (/* binding */ parseRetryAfter)
/* harmony export */ });
/** A login is waited for by a whole job, but not for minutes. */
const LOGIN_RETRY = { tries: 5, firstWaitMs: 500, longestWaitMs: 20_000 };
/**
 * Tries until it is done or the tries are used up; then the last reason is thrown.
 *
 * Waits grow twofold with full jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter), so
 * that the legs of a matrix do not come back together. A server's own wait is kept, and lengthened by up to a fifth.
 */
async function retry(attempt, world, policy = LOGIN_RETRY) {
    for (let count = 1;; count += 1) {
        const outcome = await attempt(count);
        if (outcome.kind === "done")
            return outcome.value;
        if (count >= policy.tries || world.cancelled?.aborted)
            throw outcome.because;
        await world.sleep(chooseWait(count, outcome.waitMs, policy, world.random()));
        if (world.cancelled?.aborted)
            throw outcome.because;
    }
}
function chooseWait(count, asked, policy, chance) {
    if (asked !== undefined)
        return Math.min(Math.round(asked * (1 + chance / 5)), policy.longestWaitMs);
    return Math.round(Math.min(policy.firstWaitMs * 2 ** (count - 1), policy.longestWaitMs) * chance);
}
/** Milliseconds of a Retry-After header: seconds or a date. */
function parseRetryAfter(header, now) {
    if (header === undefined || header.trim() === "")
        return undefined;
    if (/^\d+$/.test(header.trim()))
        return Number(header) * 1000;
    const at = Date.parse(header);
    return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime());
}


/***/ }),

/***/ 7391:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   OF: () => (/* binding */ fenced),
/* harmony export */   Xb: () => (/* binding */ SUMMARY_BUDGET_BYTES),
/* harmony export */   aY: () => (/* binding */ code),
/* harmony export */   pj: () => (/* binding */ plain),
/* harmony export */   tp: () => (/* binding */ table),
/* harmony export */   xV: () => (/* binding */ withinBudget),
/* harmony export */   zH: () => (/* binding */ details)
/* harmony export */ });
/** What the platform takes as one step's summary, in bytes; one byte more and it shows nothing at all. */
const SUMMARY_BUDGET_BYTES = 1_048_576;
/**
 * A text as plain words in GitHub's Markdown: no formatting, HTML, table cells, mentions, references or links come out
 * of it. It may stand inside a line or be one.
 */
function plain(text) {
    return quiet(oneLine(text).trim())
        .replace(/[\\`*_{}[\]()#+!|~>$=-]/g, "\\$&")
        .replace(/^(\d+)\./, "$1\\.")
        .replaceAll("&", "&amp;")
        .replaceAll("<", "&lt;");
}
/**
 * GitHub looks for mentions, references and addresses in the finished page, where no escape counts any more; a space
 * of no width takes them apart.
 */
function quiet(text) {
    return text.replace(/[@#]|:(?=\/\/)|\b(?:gh-|www\.)/gi, "$&\u200b");
}
function oneLine(text) {
    return text.replace(/[\r\n]+/g, " ");
}
/** A text in a code span that may stand in a table cell, whatever backticks and bars it holds. */
function code(text) {
    const line = oneLine(text);
    const longestRun = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
    const fence = "`".repeat(longestRun + 1);
    const padding = line.startsWith("`") || line.endsWith("`") || line === "" ? " " : "";
    return `${fence}${padding}${line.replaceAll("|", "\\|")}${padding}${fence}`;
}
/** A fenced block; the fence is longer than any run of backticks inside. */
function fenced(text, language = "") {
    const longestRun = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
    const fence = "`".repeat(longestRun + 1);
    return `${fence}${language}\n${text.replace(/\n$/, "")}\n${fence}`;
}
/** A folded section. The title is Markdown-free text; the body is Markdown. */
function details(title, body) {
    const safe = quiet(oneLine(title)).replaceAll("&", "&amp;").replaceAll("<", "&lt;");
    return `<details><summary>${safe}</summary>\n\n${body}\n\n</details>`;
}
/** A table of cells that are Markdown already (use `plain` or `code` for values). */
function table(header, rows) {
    const line = (cells) => `| ${cells.join(" | ")} |`;
    return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}
/** Room for the line that says how many sections are missing, and for the last line break. */
const CLOSING_BYTES = 64;
/**
 * Joins sections within a budget of UTF-8 bytes. Earlier sections matter more: later rows and sections are left out
 * first, and what is left out is said. A budget under 64 bytes gets nothing.
 */
function withinBudget(sections, budgetBytes) {
    const parts = [];
    let left = budgetBytes - CLOSING_BYTES;
    for (const section of sections) {
        const part = fitSection(section, left - SEPARATOR_BYTES);
        if (part === undefined)
            continue;
        left -= Buffer.byteLength(part) + SEPARATOR_BYTES;
        parts.push(part);
    }
    const dropped = sections.length - parts.length;
    if (dropped > 0)
        parts.push(`_${dropped} more section${dropped === 1 ? "" : "s"} did not fit here._`);
    return budgetBytes < CLOSING_BYTES ? "" : `${parts.join("\n\n")}\n`;
}
const SEPARATOR_BYTES = 2;
/** A section with as many of its first rows as fit, and a note on the others; undefined when not even the text fits. */
function fitSection({ text, rows = [], omitted }, budgetBytes) {
    const join = (count) => {
        const missing = rows.length - count;
        const note = missing === 0 ? [] : ["", omitted?.(missing) ?? `… and ${missing} more.`];
        return [text, ...rows.slice(0, count), ...note].join("\n");
    };
    const fits = (count) => Buffer.byteLength(join(count)) <= budgetBytes;
    if (fits(rows.length))
        return join(rows.length);
    // The size grows with every row, but for a byte or two of the note: halve, then step back to what surely fits.
    let low = 0;
    let high = rows.length;
    while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if (fits(middle))
            low = middle;
        else
            high = middle - 1;
    }
    return fits(low) ? join(low) : undefined;
}


/***/ }),

/***/ 3988:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   D: () => (/* binding */ decodePayload),
/* harmony export */   U: () => (/* binding */ parseIdToken)
/* harmony export */ });
/** The payload of a JWT, unverified; undefined when the text is none. */
function decodePayload(jwt) {
    const [, payload, signature] = jwt.split(".");
    if (payload === undefined || signature === undefined)
        return undefined;
    try {
        const value = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
        return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
    }
    catch {
        return undefined;
    }
}
/**
 * The claims of an ID token, unverified: Entra verifies it, we only explain it. Undefined for a text that is no such
 * token, as an intercepting proxy answers.
 */
function parseIdToken(jwt) {
    const payload = decodePayload(jwt);
    if (payload === undefined)
        return undefined;
    const read = (name) => {
        const value = payload[name];
        return typeof value === "string" && value !== "" ? value : undefined;
    };
    const issuer = read("iss");
    const subject = read("sub");
    const audience = read("aud");
    if (issuer === undefined || subject === undefined || audience === undefined)
        return undefined;
    return {
        issuer,
        subject,
        audience,
        issuedAt: Number(payload["iat"]),
        expiresAt: Number(payload["exp"]),
        repository: read("repository"),
        repositoryId: read("repository_id"),
        repositoryOwner: read("repository_owner"),
        repositoryOwnerId: read("repository_owner_id"),
        environment: read("environment"),
        eventName: read("event_name"),
        ref: read("ref"),
        jobWorkflowRef: read("job_workflow_ref"),
        workflowRef: read("workflow_ref"),
    };
}


/***/ }),

/***/ 3416:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   E: () => (/* binding */ isPassingFault),
/* harmony export */   e: () => (/* binding */ describeConnectionFault)
/* harmony export */ });
/** Faults of a connection that may pass by themselves; a wrong name or certificate does not. */
const PASSING = {
    ECONNRESET: "the connection was cut",
    ECONNREFUSED: "the connection was refused",
    ETIMEDOUT: "no answer in time",
    EPIPE: "the connection was cut",
    EAI_AGAIN: "the name server did not answer",
    ENETUNREACH: "the network is unreachable",
    EHOSTUNREACH: "the host is unreachable",
};
const LASTING = {
    ENOTFOUND: "there is no such host name here",
    SELF_SIGNED_CERT_IN_CHAIN: "the certificate is signed by an authority that Node does not know (a TLS-inspecting proxy?)",
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the certificate is signed by an authority that Node does not know (a TLS-inspecting proxy?)",
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the certificate is signed by an authority that Node does not know (a TLS-inspecting proxy?)",
    DEPTH_ZERO_SELF_SIGNED_CERT: "the certificate is self-signed",
    CERT_HAS_EXPIRED: "the certificate has expired (or the runner's clock is wrong)",
    ERR_TLS_CERT_ALTNAME_INVALID: "the certificate is for another host",
};
/** True for a fault that another try may not meet again. */
function isPassingFault(error) {
    return codesOf(error).some((code) => code in PASSING);
}
/** A connection fault in words, with its code: `there is no such host name here (ENOTFOUND)`. */
function describeConnectionFault(error) {
    const codes = codesOf(error);
    const known = codes.find((code) => code in PASSING || code in LASTING);
    if (known !== undefined)
        return `${PASSING[known] ?? LASTING[known]} (${known})`;
    return error instanceof Error ? error.message : String(error);
}
/** Codes of an error and of its causes: `fetch` and the toolkit bury them. */
function codesOf(error) {
    const codes = [];
    let current = error;
    for (let depth = 0; depth < 5 && current instanceof Error; depth += 1) {
        if ("code" in current && typeof current.code === "string")
            codes.push(current.code);
        // The toolkit keeps only the message of the error below it.
        codes.push(...(/\b(E[A-Z_]{4,}|[A-Z]+_[A-Z_]{6,})\b/.exec(current.message)?.slice(1) ?? []));
        current = current.cause;
    }
    return codes;
}


/***/ }),

/***/ 5973:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  iJ: () => (/* binding */ explainAnswer),
  Gz: () => (/* binding */ isBusyStatus),
  Yw: () => (/* binding */ parseEntraAnswer)
});

;// CONCATENATED MODULE: ./lib/oidc/entra-codes.js
const AADSTS = (/* unused pure expression or super */ null && ([
    70021, 700211, 700212, 700213, 7002131, 7002137, 7002138, 700024, 700222, 501661, 700016, 90002, 900382, 900432,
    90038, 500011, 70011, 1002012, 50020, 7000215, 7000222, 53003, 530032, 90055, 90033, 90006, 90024,
]));
const SUBJECT = {
    code: "subject-mismatch",
    claim: "subject",
    propagates: true,
    cause: "no federated credential of this identity has the subject that GitHub presented",
    mend: "add a federated credential with exactly the subject presented; the ready lines are in the log and the summary",
};
const WRONG_CLOUD = {
    code: "wrong-cloud",
    cause: "the tenant or the identity belongs to another Azure cloud than the one asked",
    mend: 'set "cloud" to the one of the tenant: public, usgov, china, or custom with its endpoints',
};
const SCOPE = {
    code: "invalid-scope",
    cause: "the scope asked for is not valid in this cloud",
    mend: 'check "resource-manager": the scope is made of it, with /.default behind',
};
const SECRET = {
    code: "client-secret-used",
    cause: "a client secret was tried, and it is wrong or expired: the federated credential was not asked at all",
    mend: "remove AZURE_CLIENT_SECRET and ARM_CLIENT_SECRET from the job's environment",
};
const ACCESS = {
    code: "conditional-access",
    cause: "a Conditional Access or security policy of the tenant blocks this sign-in, often by the runner's address",
    mend: "let an administrator exempt the workload identity, or run on a runner in a named location",
};
const BUSY = {
    code: "entra-busy",
    transient: true,
    cause: "Entra is busy or briefly unavailable, also after several tries",
    mend: "run the job again; https://azure.status.microsoft shows outages",
};
/** Said for every number that the table below does not know. */
const UNKNOWN_REFUSAL = {
    code: "entra-refused",
    cause: "Entra refused the login for a reason that Mayfly has no explanation for",
    mend: "look the number up at https://login.microsoftonline.com/error, or ask support with the trace id",
};
/** What each number means: https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const ENTRA_MEANINGS = {
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
        mend: "the credential's issuer must equal the one presented, without a trailing slash; or the client id is that of " +
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
        cause: "the ID token was not valid when Entra looked at it: it lives 300 seconds, and a wrong clock cuts that short",
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
function findMeaning(aadsts) {
    return Object.entries(ENTRA_MEANINGS).find(([number]) => Number(number) === aadsts)?.[1];
}

;// CONCATENATED MODULE: ./lib/oidc/refusal.js

/**
 * Reads the body of a refused token request.
 *
 * @param header reads a response header by its lower-case name.
 */
function parseEntraAnswer(status, body, header) {
    const json = parseObject(body);
    const text = (name) => {
        const value = json[name];
        return typeof value === "string" && value !== "" ? value : undefined;
    };
    const description = text("error_description");
    const codes = json["error_codes"];
    const listed = Array.isArray(codes) ? codes.find((code) => typeof code === "number") : undefined;
    const named = /AADSTS(\d+)/.exec(description ?? "")?.[1];
    const date = Date.parse(header("date") ?? "");
    return {
        status,
        error: text("error"),
        description: description === undefined ? undefined : stripTrailer(description),
        aadsts: listed ?? (named === undefined ? undefined : Number(named)),
        traceId: text("trace_id") ?? header("x-ms-request-id"),
        correlationId: text("correlation_id") ?? header("client-request-id"),
        at: Number.isNaN(date) ? undefined : new Date(date),
        retryAfter: header("retry-after"),
    };
}
/** What an answer means; a 5xx or 429 without a known number is a busy server. */
function explainAnswer(answer) {
    const known = findMeaning(answer.aadsts);
    if (known !== undefined)
        return known;
    return isBusyStatus(answer.status) ? (findMeaning(90033) ?? UNKNOWN_REFUSAL) : UNKNOWN_REFUSAL;
}
/** Statuses of Entra, GitHub and ARM that mean "later", not "no". */
function isBusyStatus(status) {
    return status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505);
}
// Newer descriptions end in "Trace ID: … Correlation ID: … Timestamp: …", older ones have these on lines of their own.
function stripTrailer(description) {
    return description.replace(/\s*Trace ID:[\s\S]*$/, "").trim();
}
function parseObject(text) {
    try {
        const value = JSON.parse(text);
        return typeof value === "object" && value !== null ? { ...value } : {};
    }
    catch {
        return {};
    }
}


/***/ }),

/***/ 6139:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  $: () => (/* binding */ renderRefusal)
});

// UNUSED EXPORTS: findNeededSubject

;// CONCATENATED MODULE: ./lib/oidc/clocks.js
/** Less than this is network and rounding, not a wrong clock. */
const NOTABLE_MS = 30_000;
/**
 * What the three clocks say about a token that was "not within its valid time range": Entra's (its Date header), the
 * runner's, and GitHub's (`iat`). One line each finding; empty when Entra told no time.
 */
function compareClocks(refusal) {
    const { answer, attempt, receivedAt } = refusal;
    if (answer.at === undefined)
        return [];
    const entra = answer.at.getTime();
    const runner = receivedAt.getTime();
    const found = [];
    if (Math.abs(runner - entra) >= NOTABLE_MS) {
        found.push(`the runner's clock is ${seconds(runner - entra)} ${runner > entra ? "ahead of" : "behind"} Entra's`);
    }
    const { claims } = attempt;
    if (claims !== undefined && entra < claims.issuedAt * 1000) {
        found.push(`Entra's clock is ${seconds(claims.issuedAt * 1000 - entra)} before the token was issued (GitHub's clock)`);
    }
    if (claims !== undefined && entra > claims.expiresAt * 1000) {
        found.push(`the token had expired ${seconds(entra - claims.expiresAt * 1000)} before Entra saw it`);
    }
    return found.length > 0 ? found : ["the clocks of the runner and of Entra agree within 30 s"];
}
function seconds(milliseconds) {
    return `${Math.round(Math.abs(milliseconds) / 1000)} s`;
}

// EXTERNAL MODULE: ./lib/oidc/subject-difference.js
var subject_difference = __webpack_require__(217);
;// CONCATENATED MODULE: ./lib/oidc/render-refusal.js


/**
 * A refused login in few lines, as it stands in the annotation: what differs, presented and needed, what to do, and the
 * ids that support asks for. It never holds a token.
 */
function renderRefusal(refusal) {
    const { answer, meaning } = refusal;
    const number = answer.aadsts === undefined ? `HTTP ${answer.status}` : `AADSTS${answer.aadsts}`;
    return [
        `Entra refused the login: ${meaning.cause} (${number}).`,
        ...listFacts(refusal),
        `To do: ${meaning.mend}.`,
        ...renderIds(refusal),
    ].join("\n");
}
function listFacts(refusal) {
    const { attempt, answer, meaning } = refusal;
    const { claims } = attempt;
    switch (meaning.claim) {
        case "subject":
            return claims === undefined
                ? []
                : [
                    `Presented subject: ${claims.subject}`,
                    ...(readNeeded(refusal) ?? ["Needed: the same, character by character."]),
                ];
        case "issuer":
            return claims === undefined ? [] : [`Presented issuer: ${claims.issuer}`, ...judgeIssuer(claims.issuer)];
        case "audience":
            return claims === undefined ? [] : [`Presented audience: ${claims.audience}`, ...judgeAudience(refusal)];
        case undefined:
            break;
    }
    if (meaning.code === "assertion-expired")
        return compareClocks(refusal).map(sentence);
    if (meaning.code === "federated-credential-mismatch" && claims !== undefined) {
        return [
            `Presented issuer: ${claims.issuer}`,
            `Presented subject: ${claims.subject}`,
            `Presented audience: ${claims.audience}`,
        ];
    }
    return [
        `Tenant ${attempt.tenantId}, client ${attempt.clientId}, cloud ${attempt.cloud}.`,
        ...(answer.description === undefined ? [] : [`Entra's words: ${answer.description}`]),
    ];
}
/** What Entra itself names as the subject needed; it does so only in some refusals (AADSTS7002137). */
function findNeededSubject(refusal) {
    return /credential Subject is '([^']+)'/.exec(refusal.answer.description ?? "")?.[1];
}
function readNeeded(refusal) {
    const { claims } = refusal.attempt;
    const needed = findNeededSubject(refusal);
    if (claims === undefined || needed === undefined)
        return undefined;
    return [`Needed subject: ${needed}`, ...(0,subject_difference/* compareSubjects */.N)(claims.subject, needed).map(({ words }) => sentence(words))];
}
const GITHUB_ISSUER = "https://token.actions.githubusercontent.com";
function judgeIssuer(issuer) {
    if (issuer === GITHUB_ISSUER)
        return ["Needed: the same; mind that no slash stands at its end."];
    if (issuer.startsWith(`${GITHUB_ISSUER}/`)) {
        return ["Needed: the same; your enterprise adds its name to the issuer (include_enterprise_slug)."];
    }
    return ["Needed: the same; it is the issuer of your GitHub server, not github.com's."];
}
function judgeAudience(refusal) {
    const { claims, usualAudience, cloud } = refusal.attempt;
    if (usualAudience === undefined)
        return [];
    return claims?.audience === usualAudience
        ? [`Needed: the credential's own; ${usualAudience} is the usual one of cloud ${cloud}.`]
        : [`Needed: the credential's own, usually ${usualAudience} in cloud ${cloud}.`];
}
function renderIds({ answer }) {
    const ids = [
        ...(answer.traceId === undefined ? [] : [`trace ${answer.traceId}`]),
        ...(answer.correlationId === undefined ? [] : [`correlation ${answer.correlationId}`]),
    ];
    return ids.length === 0 ? [] : [`For support: ${ids.join(", ")}.`];
}
function sentence(words) {
    return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}


/***/ }),

/***/ 217:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   N: () => (/* binding */ compareSubjects)
/* harmony export */ });
/* unused harmony export describeContext */
/* harmony import */ var _subject_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3489);

/**
 * How the subject that was presented differs from the one that was needed. Entra compares them character by character,
 * case included. Never empty: two equal texts give one difference of kind `same`.
 */
function compareSubjects(presented, needed) {
    if (presented === needed)
        return [{ kind: "same", words: "both are the same, character by character" }];
    if (presented === needed.trim()) {
        return [{ kind: "spaces", words: "the one needed has spaces around it" }];
    }
    if (presented.toLowerCase() === needed.toLowerCase())
        return [compareCase(presented, needed)];
    const left = (0,_subject_js__WEBPACK_IMPORTED_MODULE_0__/* .parseSubject */ .Ci)(presented);
    const right = (0,_subject_js__WEBPACK_IMPORTED_MODULE_0__/* .parseSubject */ .Ci)(needed);
    const found = left === undefined || right === undefined ? [] : compareParts(left, right);
    return found.length > 0 ? found : [compareText(presented, needed)];
}
function compareParts(presented, needed) {
    const found = [];
    const place = (subject) => `${subject.owner}/${subject.repository}`;
    const ids = (subject) => `${subject.ownerId}/${subject.repositoryId}`;
    if ((0,_subject_js__WEBPACK_IMPORTED_MODULE_0__/* .isImmutable */ .t3)(presented) !== (0,_subject_js__WEBPACK_IMPORTED_MODULE_0__/* .isImmutable */ .t3)(needed)) {
        const name = (subject) => (0,_subject_js__WEBPACK_IMPORTED_MODULE_0__/* .isImmutable */ .t3)(subject) ? "immutable (with ids)" : "classic (without ids)";
        found.push({ kind: "form", words: `presented is ${name(presented)}, needed is ${name(needed)}` });
    }
    else if ((0,_subject_js__WEBPACK_IMPORTED_MODULE_0__/* .isImmutable */ .t3)(presented) && ids(presented) !== ids(needed)) {
        found.push({ kind: "repository", words: `ids: presented ${ids(presented)}, needed ${ids(needed)}` });
    }
    if (place(presented) !== place(needed)) {
        const onlyCase = place(presented).toLowerCase() === place(needed).toLowerCase() ? ", only in upper and lower case" : "";
        found.push({
            kind: "repository",
            words: `repository: presented ${place(presented)}, needed ${place(needed)}${onlyCase}`,
        });
    }
    const [left, right] = [describeContext(presented.context), describeContext(needed.context)];
    if (left !== right) {
        const onlyCase = left.toLowerCase() === right.toLowerCase() ? ", only in upper and lower case" : "";
        found.push({ kind: "context", words: `presented is of ${left}, needed is of ${right}${onlyCase}` });
    }
    if (presented.more !== needed.more) {
        const words = `claims behind: presented "${presented.more}", needed "${needed.more}"`;
        found.push({ kind: "more", words });
    }
    return found;
}
/** `environment "preview"`, `ref refs/heads/main` or `any pull request`. */
function describeContext(context) {
    switch (context.kind) {
        case "environment":
            return `environment "${context.name}"`;
        case "ref":
            return `ref ${context.ref}`;
        case "pull_request":
            return "any pull request";
    }
}
function compareCase(presented, needed) {
    const at = firstDifference(presented, needed);
    const pair = `"${presented[at] ?? ""}" presented, "${needed[at] ?? ""}" needed`;
    return { kind: "case", words: `only in upper and lower case, first at character ${at + 1}: ${pair}` };
}
function compareText(presented, needed) {
    const at = firstDifference(presented, needed);
    const rest = (text) => (text.length > at ? `"${text.slice(at, at + 40)}"` : "nothing more");
    return {
        kind: "text",
        words: `from character ${at + 1} on: presented ${rest(presented)}, needed ${rest(needed)}`,
    };
}
function firstDifference(left, right) {
    let at = 0;
    while (at < left.length && left[at] === right[at])
        at += 1;
    return at;
}


/***/ }),

/***/ 3489:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ci: () => (/* binding */ parseSubject),
/* harmony export */   TK: () => (/* binding */ renderSubject),
/* harmony export */   t3: () => (/* binding */ isImmutable)
/* harmony export */ });
const REPOSITORY = /^([^/:@]+)(?:@(\d+))?\/([^/:@]+)(?:@(\d+))?$/;
/**
 * A subject of the default template, classic or immutable; undefined for one that a customised template made in another
 * order or without the repository.
 *
 * @see https://docs.github.com/actions/reference/security/oidc
 */
function parseSubject(text) {
    const [label, place, ...rest] = text.split(":");
    const found = label === "repo" ? REPOSITORY.exec(place ?? "") : null;
    const [, owner, ownerId, repository, repositoryId] = found ?? [];
    // Both ids or none: GitHub makes nothing in between.
    if (owner === undefined || repository === undefined || (ownerId === undefined) !== (repositoryId === undefined)) {
        return undefined;
    }
    const parsed = parseContext(rest);
    if (parsed === undefined)
        return undefined;
    return { owner, ownerId, repository, repositoryId, ...parsed };
}
function parseContext(parts) {
    const [kind, value, ...rest] = parts;
    const behind = (left) => left.map((part) => `:${part}`).join("");
    if (kind === "pull_request") {
        return { context: { kind }, more: behind(parts.slice(1)) };
    }
    if (value === undefined || value === "")
        return undefined;
    if (kind === "environment")
        return { context: { kind, name: decodeColons(value) }, more: behind(rest) };
    if (kind === "ref")
        return { context: { kind, ref: decodeColons(value) }, more: behind(rest) };
    return undefined;
}
/** The exact text of a subject. */
function renderSubject(subject) {
    const id = (value) => (value === undefined ? "" : `@${value}`);
    const place = `${subject.owner}${id(subject.ownerId)}/${subject.repository}${id(subject.repositoryId)}`;
    return `repo:${place}:${renderContext(subject.context)}${subject.more}`;
}
function renderContext(context) {
    switch (context.kind) {
        case "environment":
            return `environment:${encodeColons(context.name)}`;
        case "ref":
            return `ref:${encodeColons(context.ref)}`;
        case "pull_request":
            return "pull_request";
    }
}
/** True for `repo:OWNER@ID/REPO@ID:…`, which repositories made, renamed or transferred since 15 July 2026 present. */
function isImmutable(subject) {
    return subject.ownerId !== undefined;
}
// GitHub writes a colon inside a value as %3A, and nothing else in this way.
function encodeColons(value) {
    return value.replaceAll(":", "%3A");
}
function decodeColons(value) {
    return value.replaceAll("%3A", ":");
}


/***/ }),

/***/ 6249:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   X: () => (/* binding */ readFault),
/* harmony export */   g: () => (/* binding */ listBlockers)
/* harmony export */ });
const DEEPEST = 6;
/**
 * Every culprit in an error of ARM's, one by one.
 *
 * ARM nests: an outer `ResourceGroupDeletionBlocked` has `details`, each with a `target` and a `message` that is itself
 * JSON text of the provider's error (Azure/bicep-registry-modules#1607). The outer error is a blocker only when it
 * names nothing inside.
 */
function listBlockers(fault) {
    return unique(descend(fault, undefined, 0));
}
function descend(fault, target, depth) {
    const resource = fault.target?.startsWith("/") ? fault.target : target;
    const nested = depth < DEEPEST ? [...(fault.details ?? []), ...parseNested(fault.message)] : [];
    if (nested.length > 0)
        return nested.flatMap((inner) => descend(inner, resource, depth + 1));
    return [{ resource: resource ?? findScope(fault.message), code: fault.code, message: fault.message }];
}
function parseNested(message) {
    if (!message.trimStart().startsWith("{"))
        return [];
    try {
        return [readFault(JSON.parse(message))].filter((fault) => fault !== undefined);
    }
    catch {
        return [];
    }
}
/** An error from a parsed body, in ARM's envelope or bare; undefined when there is none in it. */
function readFault(body) {
    if (body === null || typeof body !== "object")
        return undefined;
    const { error } = body;
    const source = error !== null && typeof error === "object" ? error : body;
    const { code, message, target, details } = source;
    if (typeof code !== "string" && typeof message !== "string")
        return undefined;
    const inner = Array.isArray(details) ? details.map(readFault).filter((fault) => fault !== undefined) : [];
    return {
        code: typeof code === "string" ? code : "",
        message: typeof message === "string" ? message : "",
        ...(typeof target === "string" ? { target } : {}),
        ...(inner.length === 0 ? {} : { details: inner }),
    };
}
/** `ScopeLocked` names the locked thing only in its sentence. */
function findScope(message) {
    return /scope\(s\) are locked: '([^']+)'/.exec(message)?.[1];
}
function unique(blockers) {
    const seen = new Map(blockers.map((blocker) => [`${blocker.resource} ${blocker.code} ${blocker.message}`, blocker]));
    return [...seen.values()];
}


/***/ })

};
