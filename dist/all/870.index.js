export const id = 870;
export const ids = [870];
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
const TENANT = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z0-9-]+(?:\.[a-z0-9-]+)+)$/i;
const guid = { pattern: GUID, expected: "a GUID such as 12345678-1234-1234-1234-123456789abc" };
const tenant = { pattern: TENANT, expected: "the tenant's id, a GUID, or one of its domains" };
const idForms = { guid, tenant };
const descriptions = {
    "client-id": "Client (application) id of the managed identity or app; not its object id.",
    "tenant-id": "Tenant (directory) of the identity: its id, or one of its domains.",
    "subscription-id": "Subscription to work in.",
    cloud: "The Azure cloud. `custom` needs `authority-host`, `resource-manager` and `audience`.",
    "authority-host": "With `cloud: custom`: where tokens come from, such as `https://login.example.com`.",
    "resource-manager": "With `cloud: custom`: the address of Azure Resource Manager.",
    audience: "The audience of the federated credential; the cloud's own when left out.",
};
const cloudChoice = (0,_kit_input_js__WEBPACK_IMPORTED_MODULE_0__/* .choice */ .Yq)("public", "usgov", "china", "custom");
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




const TRANSIENT = new Set([408, 429, 500, 502, 503, 504]);
const TRIES = 5;
const FIRST_DELAY_MS = 1_000;
const LONGEST_REQUEST_MS = 60_000;
function governed(governor, time) {
    const sendPaced = async (request, next) => {
        const [subscription, operation] = bucketOf(request);
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
function faultOf(response) {
    const text = response.bodyAsText ?? "";
    try {
        const fault = (0,_ttl_blockers_js__WEBPACK_IMPORTED_MODULE_3__/* .readFault */ .X)(JSON.parse(text));
        if (fault !== undefined)
            return fault;
    }
    catch {
    }
    return { code: "NoArmError", message: text === "" ? "an empty answer" : text.slice(0, 300) };
}
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

class ArmRefusal extends Error {
    name = "ArmRefusal";
    status;
    fault;
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
function parseEndpoint(input, text) {
    const address = URL.parse(text.includes("://") ? text : `https://${text}`);
    const bare = address !== null && /^\/*$/.test(address.pathname) && address.search === "" && address.hash === "";
    if (address === null || address.protocol !== "https:" || !bare || address.username !== "") {
        throw new _kit_user_error_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .y("bad-input", `${input}: expected an address such as https://login.example.com, got "${text}"`);
    }
    return address.origin;
}


/***/ }),

/***/ 7010:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   y: () => (/* binding */ connectCredential)
/* harmony export */ });
/* harmony import */ var _oidc_claims_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3988);
/* harmony import */ var _exchange_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7590);
/* harmony import */ var _retry_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7573);



const REFRESH_BEFORE_MS = 5 * 60_000;
function connectCredential(options) {
    const kept = new Map();
    const underWay = new Map();
    return {
        getToken: (scopes, getOptions = {}) => {
            const scope = typeof scopes === "string" ? scopes : scopes.join(" ");
            const cached = kept.get(scope);
            const challenged = getOptions.claims !== undefined;
            if (cached !== undefined && !challenged && isFresh(cached, options.now()))
                return Promise.resolve(cached);
            const key = `${scope} ${getOptions.claims ?? ""}`;
            const running = underWay.get(key);
            if (running !== undefined)
                return running;
            const started = exchangeWithRetry(options, scope, getOptions)
                .then((token) => {
                kept.set(scope, token);
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
async function exchangeWithRetry(options, scope, getOptions) {
    const { token, requestId } = await (0,_retry_js__WEBPACK_IMPORTED_MODULE_1__/* .retry */ .L5)(async (count) => {
        const [idToken] = await Promise.all([options.idToken(options.cloud.audience), (0,_exchange_js__WEBPACK_IMPORTED_MODULE_0__/* .loadTransport */ .s)()]);
        options.mask(idToken);
        const attempt = {
            tenantId: options.tenantId,
            clientId: options.clientId,
            cloud: options.cloud.name,
            usualAudience: options.cloud.usualAudience,
            claims: (0,_oidc_claims_js__WEBPACK_IMPORTED_MODULE_2__/* .parseIdToken */ .U)(idToken),
        };
        const outcome = await (0,_exchange_js__WEBPACK_IMPORTED_MODULE_0__/* .exchange */ .c)({ ...options, idToken, attempt, scope, getOptions });
        if (outcome.kind === "again")
            options.debug?.(`try ${count} of the token exchange: ${String(outcome.because)}`);
        else
            options.mask(outcome.value.token.token);
        return outcome;
    }, options);
    options.onExchange?.(requestId);
    return token;
}


/***/ }),

/***/ 8848:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   B: () => (/* binding */ EntraError)
/* harmony export */ });
/* harmony import */ var _kit_user_error_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(878);
/* harmony import */ var _oidc_render_refusal_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6139);


class EntraError extends _kit_user_error_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .y {
    refusal;
    constructor(refusal) {
        super(refusal.meaning.code, (0,_oidc_render_refusal_js__WEBPACK_IMPORTED_MODULE_1__/* .renderRefusal */ .$)(refusal));
        this.refusal = refusal;
    }
}


/***/ }),

/***/ 7590:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   c: () => (/* binding */ exchange),
/* harmony export */   s: () => (/* binding */ loadTransport)
/* harmony export */ });
/* harmony import */ var _kit_user_error_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(878);
/* harmony import */ var _oidc_connection_fault_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3416);
/* harmony import */ var _oidc_refusal_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(5973);
/* harmony import */ var _entra_error_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(8848);
/* harmony import */ var _retry_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(7573);





const loadTransport = () => __webpack_require__.e(/* import() */ 882).then(__webpack_require__.bind(__webpack_require__, 9501));
async function exchange(options) {
    const { createDefaultHttpClient, createHttpHeaders, createPipelineFromOptions, createPipelineRequest } = await loadTransport();
    const pipeline = createPipelineFromOptions({ retryOptions: { maxRetries: 0 } });
    const httpClient = options.httpClient ?? createDefaultHttpClient();
    const abortSignal = options.getOptions.abortSignal;
    try {
        const response = await pipeline.sendRequest(httpClient, createPipelineRequest({
            url: await findTokenEndpoint(options, pipeline, httpClient),
            method: "POST",
            headers: createHttpHeaders({ accept: "application/json", "content-type": "application/x-www-form-urlencoded" }),
            body: renderForm(options),
            timeout: 30_000,
            ...(abortSignal === undefined ? {} : { abortSignal }),
        }));
        return response.status === 200 ? readToken(response, options) : readRefusal(response, options);
    }
    catch (error) {
        if (!(error instanceof Error) || error.name !== "RestError")
            throw error;
        const unreachable = sayUnreachable(options.cloud.authorityHost, (0,_oidc_connection_fault_js__WEBPACK_IMPORTED_MODULE_1__/* .describeConnectionFault */ .e)(error), error);
        if ((0,_oidc_connection_fault_js__WEBPACK_IMPORTED_MODULE_1__/* .isPassingFault */ .E)(error))
            return { kind: "again", because: unreachable };
        throw unreachable;
    }
}
async function findTokenEndpoint(options, pipeline, httpClient) {
    const { cloud, attempt } = options;
    const tenant = `${cloud.authorityHost}/${encodeURIComponent(attempt.tenantId)}`;
    if (cloud.name !== "custom")
        return `${tenant}/oauth2/v2.0/token`;
    const { createPipelineRequest } = await loadTransport();
    const url = `${tenant}/v2.0/.well-known/openid-configuration`;
    const response = await pipeline.sendRequest(httpClient, createPipelineRequest({ url, timeout: 30_000 }));
    const endpoint = response.status === 200 ? parseJson(response.bodyAsText)["token_endpoint"] : undefined;
    if (typeof endpoint === "string" && URL.parse(endpoint)?.protocol === "https:")
        return endpoint;
    throw sayUnreachable(cloud.authorityHost, `${url} names no token endpoint (HTTP ${response.status})`, undefined);
}
function renderForm({ attempt, idToken, scope, getOptions }) {
    const form = new URLSearchParams({
        client_id: attempt.clientId,
        scope,
        grant_type: "client_credentials",
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        client_assertion: idToken,
    });
    if (getOptions.claims !== undefined)
        form.set("claims", getOptions.claims);
    return form.toString();
}
function readToken(response, options) {
    const body = parseJson(response.bodyAsText);
    const token = body["access_token"];
    const seconds = Number(body["expires_in"]);
    if (typeof token !== "string" || token === "" || !(seconds > 0)) {
        const said = "HTTP 200 without a token, as a proxy or firewall in between gives";
        throw sayUnreachable(options.cloud.authorityHost, said, undefined);
    }
    const now = options.now().getTime();
    const refresh = Number(body["refresh_in"]);
    return {
        kind: "done",
        value: {
            token: {
                token,
                tokenType: "Bearer",
                expiresOnTimestamp: now + seconds * 1000,
                ...(refresh > 0 ? { refreshAfterTimestamp: now + refresh * 1000 } : {}),
            },
            requestId: response.headers.get("x-ms-request-id"),
        },
    };
}
function readRefusal(response, options) {
    const answer = (0,_oidc_refusal_js__WEBPACK_IMPORTED_MODULE_2__/* .parseEntraAnswer */ .Yw)(response.status, response.bodyAsText ?? "", (name) => response.headers.get(name));
    const receivedAt = options.now();
    if (answer.error === undefined && answer.aadsts === undefined && !(0,_oidc_refusal_js__WEBPACK_IMPORTED_MODULE_2__/* .isBusyStatus */ .Gz)(answer.status)) {
        const said = `HTTP ${answer.status} that is not Entra's, as a proxy or firewall in between gives`;
        throw sayUnreachable(options.cloud.authorityHost, said, undefined);
    }
    const refusal = { attempt: options.attempt, answer, meaning: (0,_oidc_refusal_js__WEBPACK_IMPORTED_MODULE_2__/* .explainAnswer */ .iJ)(answer), receivedAt };
    const refused = new _entra_error_js__WEBPACK_IMPORTED_MODULE_3__/* .EntraError */ .B(refusal);
    if (refusal.meaning.transient || (0,_oidc_refusal_js__WEBPACK_IMPORTED_MODULE_2__/* .isBusyStatus */ .Gz)(answer.status)) {
        return { kind: "again", because: refused, waitMs: (0,_retry_js__WEBPACK_IMPORTED_MODULE_4__/* .parseRetryAfter */ .mu)(answer.retryAfter, receivedAt) };
    }
    throw refused;
}
function sayUnreachable(host, because, cause) {
    const todo = `To do: let the runner reach ${host} (HTTPS_PROXY, NO_PROXY, firewall, NODE_EXTRA_CA_CERTS).`;
    const code = "entra-unreachable";
    return new _kit_user_error_js__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .y(code, `Cannot reach Entra at ${host}: ${because}.\n${todo}`, { cause });
}
function parseJson(text) {
    try {
        const value = JSON.parse(text ?? "");
        return typeof value === "object" && value !== null ? { ...value } : {};
    }
    catch {
        return {};
    }
}


/***/ }),

/***/ 6650:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   D: () => (/* binding */ readRetryAfter)
/* harmony export */ });
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
const LOGIN_RETRY = { tries: 5, firstWaitMs: 500, longestWaitMs: 20_000 };
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
function parseRetryAfter(header, now) {
    if (header === undefined || header.trim() === "")
        return undefined;
    if (/^\d+$/.test(header.trim()))
        return Number(header) * 1000;
    const at = Date.parse(header);
    return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime());
}


/***/ }),

/***/ 3472:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Q: () => (/* binding */ defineAction),
/* harmony export */   x: () => (/* binding */ camelCase)
/* harmony export */ });
const ERROR_CODE = "Why the action failed, as a stable code (see docs/troubleshooting.md); empty when it did not.";
function defineAction(spec) {
    return { ...spec, outputs: { ...spec.outputs, "error-code": ERROR_CODE } };
}
function camelCase(name) {
    return name.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());
}


/***/ }),

/***/ 2746:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   E: () => (/* binding */ parseDuration),
/* harmony export */   P: () => (/* binding */ renderDuration)
/* harmony export */ });
const UNIT_MS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 };
const FORM = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;
function parseDuration(text) {
    const found = FORM.exec(text.trim());
    if (found === null || found[0] === "")
        return undefined;
    const [, days, hours, minutes, seconds] = found;
    const total = Number(days ?? 0) * UNIT_MS.d +
        Number(hours ?? 0) * UNIT_MS.h +
        Number(minutes ?? 0) * UNIT_MS.m +
        Number(seconds ?? 0) * UNIT_MS.s;
    return Number.isSafeInteger(total) ? total : undefined;
}
function renderDuration(milliseconds) {
    let rest = Math.round(Math.abs(milliseconds) / 1000) * 1000;
    const parts = [];
    for (const unit of ["d", "h", "m", "s"]) {
        const count = Math.floor(rest / UNIT_MS[unit]);
        rest -= count * UNIT_MS[unit];
        if (count > 0)
            parts.push(`${count}${unit}`);
        if (parts.length > 0 && (parts.length === 2 || count === 0))
            break;
    }
    return parts.length === 0 ? "0s" : parts.join("");
}


/***/ }),

/***/ 4602:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $N: () => (/* binding */ codeOf),
/* harmony export */   Dp: () => (/* binding */ listClauses),
/* harmony export */   vr: () => (/* binding */ renderError)
/* harmony export */ });
/* harmony import */ var node_util__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7975);
/* harmony import */ var _user_error_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(878);


const ISSUES = "https://github.com/OWNER/mayfly/issues";
const LONGEST_CHAIN = 8;
function listClauses(error) {
    const clauses = [];
    let current = error;
    for (let depth = 0; depth < LONGEST_CHAIN && current !== undefined && current !== null; depth += 1) {
        const clause = clauseOf(current);
        if (!clauses.some((said) => said.includes(clause)))
            clauses.push(clause);
        current = current instanceof Error ? current.cause : undefined;
    }
    return clauses;
}
function clauseOf(error) {
    if (!(error instanceof Error))
        return typeof error === "string" ? error : (0,node_util__WEBPACK_IMPORTED_MODULE_0__.inspect)(error);
    if (error.message !== "")
        return error.message;
    if (error instanceof AggregateError)
        return [...new Set(error.errors.map(clauseOf))].join("; ");
    return error.name;
}
function renderError(error) {
    const clauses = listClauses(error).join("\n  because: ");
    if (error instanceof _user_error_js__WEBPACK_IMPORTED_MODULE_1__/* .UserError */ .y)
        return clauses;
    const stack = error instanceof Error && error.stack !== undefined ? `\n${error.stack}` : "";
    return `This is a fault in Mayfly, not in your workflow: ${clauses}${stack}\nReport it with this log: ${ISSUES}`;
}
function codeOf(error) {
    return error instanceof _user_error_js__WEBPACK_IMPORTED_MODULE_1__/* .UserError */ .y ? error.code : "unexpected";
}


/***/ }),

/***/ 5708:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Jt: () => (/* binding */ flag),
/* harmony export */   Mn: () => (/* binding */ lines),
/* harmony export */   Qq: () => (/* binding */ text),
/* harmony export */   Yq: () => (/* binding */ choice),
/* harmony export */   au: () => (/* binding */ quantity),
/* harmony export */   jJ: () => (/* binding */ Expected),
/* harmony export */   p0: () => (/* binding */ duration)
/* harmony export */ });
/* unused harmony exports pairs, secret */
/* harmony import */ var _duration_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2746);

class Expected extends Error {
    name = "Expected";
}
function text(options) {
    const read = (value) => {
        if (/[\r\n]/.test(value))
            throw new Expected("a single line");
        if (options.pattern !== undefined && !options.pattern.test(value)) {
            throw new Expected(options.expected ?? `a text that matches ${options.pattern}`);
        }
        return value;
    };
    return { ...options, kind: "text", secret: false, emptyIsValue: false, read };
}
function flag(options) {
    const read = (value) => {
        if (/^true$/i.test(value))
            return true;
        if (/^false$/i.test(value))
            return false;
        throw new Expected("true or false");
    };
    return { ...options, kind: "flag", secret: false, emptyIsValue: false, read };
}
function choice(...choices) {
    return (options) => {
        const read = (value) => {
            if (!choices.includes(value))
                throw new Expected(`one of ${choices.join(", ")}`);
            return value;
        };
        return { ...options, kind: choices.join(" | "), secret: false, emptyIsValue: false, read };
    };
}
function lines(options) {
    const read = (value) => {
        const found = splitLines(value);
        const odd = found.find((line) => options.pattern !== undefined && !options.pattern.test(line));
        if (odd !== undefined)
            throw new Expected(`${options.expected ?? options.pattern} on each line, not "${odd}"`);
        if (options.required && found.length === 0)
            throw new Expected("at least one line");
        return found;
    };
    return { ...options, kind: "lines", secret: false, emptyIsValue: true, read };
}
function pairs(options) {
    const read = (value) => {
        const found = new Map();
        for (const line of splitLines(value)) {
            const [, key, content] = /^([^=\s]+)\s*=(.*)$/s.exec(line) ?? [];
            if (key === undefined || content === undefined)
                throw new Expected(`key=value on each line, not "${line}"`);
            if (found.has(key))
                throw new Expected(`each key once, but "${key}" stands twice`);
            found.set(key, content.trim());
        }
        return Object.fromEntries(found);
    };
    return { ...options, kind: "key=value lines", secret: false, emptyIsValue: true, read };
}
function duration(options) {
    const least = (0,_duration_js__WEBPACK_IMPORTED_MODULE_0__/* .parseDuration */ .E)(options.min ?? "0s") ?? 0;
    const most = options.max === undefined ? Number.MAX_SAFE_INTEGER : ((0,_duration_js__WEBPACK_IMPORTED_MODULE_0__/* .parseDuration */ .E)(options.max) ?? 0);
    const read = (value) => {
        const span = (0,_duration_js__WEBPACK_IMPORTED_MODULE_0__/* .parseDuration */ .E)(value);
        if (span === undefined)
            throw new Expected("a duration such as 90s, 30m, 8h, 1h30m or 7d");
        if (span < least)
            throw new Expected(`at least ${options.min}`);
        if (span > most)
            throw new Expected(`at most ${options.max}`);
        return span;
    };
    return { ...options, kind: "duration", secret: false, emptyIsValue: false, read };
}
function quantity(options) {
    const read = (value) => {
        const count = /^[+-]?\d+$/.test(value) ? Number(value) : Number.NaN;
        if (!(count >= options.min && count <= options.max)) {
            throw new Expected(`a whole number of ${options.unit} from ${options.min} to ${options.max}`);
        }
        return count;
    };
    return { ...options, kind: `number (${options.unit})`, secret: false, emptyIsValue: false, read };
}
function secret(options) {
    return { ...options, kind: "secret", secret: true, emptyIsValue: false, read: (value) => value };
}
function splitLines(value) {
    const trimmed = value.split(/\r?\n/).map((line) => line.trim());
    return trimmed.filter((line) => line !== "" && !line.startsWith("#"));
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
const SUMMARY_BUDGET_BYTES = 1_048_576;
function plain(text) {
    return quiet(oneLine(text).trim())
        .replace(/[\\`*_{}[\]()#+!|~>$=-]/g, "\\$&")
        .replace(/^(\d+)\./, "$1\\.")
        .replaceAll("&", "&amp;")
        .replaceAll("<", "&lt;");
}
function quiet(text) {
    return text.replace(/[@#]|:(?=\/\/)|\b(?:gh-|www\.)/gi, "$&\u200b");
}
function oneLine(text) {
    return text.replace(/[\r\n]+/g, " ");
}
function code(text) {
    const line = oneLine(text);
    const longestRun = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
    const fence = "`".repeat(longestRun + 1);
    const padding = line.startsWith("`") || line.endsWith("`") || line === "" ? " " : "";
    return `${fence}${padding}${line.replaceAll("|", "\\|")}${padding}${fence}`;
}
function fenced(text, language = "") {
    const longestRun = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
    const fence = "`".repeat(longestRun + 1);
    return `${fence}${language}\n${text.replace(/\n$/, "")}\n${fence}`;
}
function details(title, body) {
    const safe = quiet(oneLine(title)).replaceAll("&", "&amp;").replaceAll("<", "&lt;");
    return `<details><summary>${safe}</summary>\n\n${body}\n\n</details>`;
}
function table(header, rows) {
    const line = (cells) => `| ${cells.join(" | ")} |`;
    return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}
const CLOSING_BYTES = 64;
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
function fitSection({ text, rows = [], omitted }, budgetBytes) {
    const join = (count) => {
        const missing = rows.length - count;
        const note = missing === 0 ? [] : ["", omitted?.(missing) ?? `… and ${missing} more.`];
        return [text, ...rows.slice(0, count), ...note].join("\n");
    };
    const fits = (count) => Buffer.byteLength(join(count)) <= budgetBytes;
    if (fits(rows.length))
        return join(rows.length);
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

/***/ 3712:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  n: () => (/* binding */ start),
  V: () => (/* binding */ startPost)
});

// EXTERNAL MODULE: ./lib/kit/error-chain.js
var error_chain = __webpack_require__(4602);
// EXTERNAL MODULE: ./lib/kit/define-action.js
var define_action = __webpack_require__(3472);
// EXTERNAL MODULE: ./lib/kit/input.js
var kit_input = __webpack_require__(5708);
// EXTERNAL MODULE: ./lib/kit/user-error.js
var user_error = __webpack_require__(878);
;// CONCATENATED MODULE: ./lib/kit/read-inputs.js



function inputVariable(name) {
    return `INPUT_${name.replaceAll(" ", "_").toUpperCase()}`;
}
function readInputs(spec, environment, mask) {
    const problems = [];
    const values = {};
    for (const [name, input] of Object.entries(spec.inputs)) {
        try {
            values[(0,define_action/* camelCase */.x)(name)] = readOne(name, input, environment, mask);
        }
        catch (error) {
            if (!(error instanceof kit_input/* Expected */.jJ))
                throw error;
            problems.push(`${name}: ${error.message}`);
        }
    }
    if (problems.length > 0)
        throw new user_error/* UserError */.y("bad-input", problems.join("\n"));
    return values;
}
function readOne(name, input, environment, mask) {
    const given = environment[inputVariable(name)]?.trim() ?? "";
    const fromEnv = input.env === undefined ? "" : (environment[input.env]?.trim() ?? "");
    const text = given || fromEnv || (input.default ?? "");
    if (input.secret && text !== "")
        mask(text);
    if (text === "" && input.required)
        throw new kit_input/* Expected */.jJ(`expected a value (${input.kind}), got nothing${hint(input)}`);
    if (text === "" && !input.emptyIsValue)
        return undefined;
    try {
        return input.read(text);
    }
    catch (error) {
        if (!(error instanceof kit_input/* Expected */.jJ))
            throw error;
        const source = given === "" && fromEnv !== "" ? ` (from ${input.env})` : "";
        throw new kit_input/* Expected */.jJ(`expected ${error.message}, got ${input.secret ? "a text that is kept secret" : quote(text)}${source}`);
    }
}
function hint(input) {
    const places = input.env === undefined ? "" : ` (neither as an input nor in ${input.env})`;
    return input.whenMissing === undefined ? places : `${places}; ${input.whenMissing}`;
}
function quote(text) {
    const short = text.length > 120 ? `${text.slice(0, 120)}…` : text;
    return JSON.stringify(short);
}

// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
// EXTERNAL MODULE: ./node_modules/@actions/core/lib/core.js + 10 modules
var core = __webpack_require__(7264);
;// CONCATENATED MODULE: ./lib/kit/harmless.js
function harmless(text) {
    return (text
        .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (character) => (character === "\r" ? "\n" : ""))
        .replace(/^(\s*):(?=:)/gm, "$1: ")
        .replaceAll("##[", "## ["));
}

;// CONCATENATED MODULE: ./lib/kit/annotation.js

const ANNOTATIONS_PER_LEVEL = 10;
const LONGEST_MESSAGE = 4096;
function createAnnotations(emit, print) {
    const used = { error: 0, warning: 0, notice: 0 };
    return {
        say: (level, message, place = {}) => {
            const safe = harmless(message);
            if (used[level] >= ANNOTATIONS_PER_LEVEL) {
                print(`${level}: ${place.title === undefined ? "" : `${harmless(place.title)}: `}${safe}`);
                return;
            }
            used[level] += 1;
            emit(level, cut(safe), place.title === undefined ? place : { ...place, title: harmless(place.title) });
        },
    };
}
function cut(message) {
    return message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE - 1).toWellFormed()}…`;
}

;// CONCATENATED MODULE: ./lib/kit/cancel.js
const SIGNALS = ["SIGINT", "SIGTERM"];
function watchCancel(process) {
    const controller = new AbortController();
    for (const signal of SIGNALS) {
        process.on(signal, () => controller.abort(new Error(`cancelled by ${signal}`)));
    }
    return controller.signal;
}
function sleep(milliseconds, signal) {
    const LONGEST_TIMER_MS = 2_147_483_647;
    return new Promise((resolve) => {
        if (signal?.aborted) {
            resolve();
            return;
        }
        const done = () => {
            clearTimeout(timer);
            signal?.removeEventListener("abort", done);
            resolve();
        };
        const timer = setTimeout(done, Math.min(Math.max(0, milliseconds), LONGEST_TIMER_MS));
        signal?.addEventListener("abort", done, { once: true });
    });
}

;// CONCATENATED MODULE: ./lib/kit/masking.js
const SHORTEST_PART = 4;
const SHORTEST_CUT = 8;
function listForms(secret) {
    const whole = secret.trim();
    const parts = whole.split(/[\r\n]+/).map((line) => line.trim());
    const values = [whole, ...parts.filter((line) => line.length >= SHORTEST_PART)];
    return [...new Set(values.flatMap(encodeForms))].filter((form) => form !== "");
}
function encodeForms(value) {
    const base64 = [Buffer.from(value).toString("base64"), ...cutBase64(value)];
    return [
        value,
        JSON.stringify(value).slice(1, -1),
        encodeURIComponent(value.toWellFormed()),
        ...base64,
        ...base64.map((form) => form.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")),
    ];
}
function cutBase64(value) {
    const bytes = Buffer.from(value);
    const cuts = [0, 1, 2].map((skipped) => {
        const whole = bytes.subarray(skipped);
        return whole.subarray(0, whole.length - (whole.length % 3)).toString("base64");
    });
    return cuts.filter((form) => form.length >= SHORTEST_CUT);
}
function createRedactor() {
    const forms = new Set();
    return {
        add: (secret) => {
            for (const form of listForms(secret))
                forms.add(form);
        },
        redact: (text) => cover(text, forms),
    };
}
function cover(text, forms) {
    const found = [];
    for (const form of forms) {
        for (let from = text.indexOf(form); from >= 0; from = text.indexOf(form, from + 1)) {
            found.push({ from, to: from + form.length });
        }
    }
    let clean = "";
    let done = 0;
    for (const { from, to } of found.sort((a, b) => a.from - b.from)) {
        if (from > done || done === 0)
            clean += `${text.slice(done, from)}***`;
        done = Math.max(done, to);
    }
    return clean + text.slice(done);
}

;// CONCATENATED MODULE: ./lib/kit/runner.js






const EMIT = { error: core/* error */.z3, warning: core/* warning */.$e, notice: core/* notice */.lm };
function connectRunner(process) {
    const redactor = createRedactor();
    const masked = new Set();
    const cancelled = watchCancel(process);
    const info = (line) => core/* info */.pq(harmless(line));
    const annotations = createAnnotations((level, message, { title, file, line }) => {
        const place = {
            ...(title === undefined ? {} : { title }),
            ...(file === undefined ? {} : { file }),
            ...(line === undefined ? {} : { startLine: line }),
        };
        EMIT[level](message, place);
    }, info);
    return {
        log: {
            info,
            debug: (line) => core/* debug */.Yz(line),
            notice: (message, place) => annotations.say("notice", message, place),
            warning: (message, place) => annotations.say("warning", message, place),
            error: (message, place) => annotations.say("error", message, place),
            group: (title, work) => core/* group */.Os(harmless(title), work),
        },
        environment: process.env,
        cancelled,
        tempFolder: process.env["RUNNER_TEMP"] || (0,external_node_os_.tmpdir)(),
        now: () => new Date(),
        monotonic: () => performance.now(),
        sleep: (milliseconds) => sleep(milliseconds, cancelled),
        mask: (secret) => {
            if (masked.has(secret))
                return;
            masked.add(secret);
            redactor.add(secret);
            for (const form of listForms(secret))
                core/* setSecret */.Pq(form);
        },
        redact: redactor.redact,
        idToken: (audience) => core/* getIDToken */.V9(audience),
        exportVariable: (name, value) => core/* exportVariable */.dN(name, value),
        setOutput: (name, value) => core/* setOutput */.uH(name, value),
        summarize: async (markdown) => {
            if (process.env["GITHUB_STEP_SUMMARY"])
                await core/* summary */.z.addRaw(redactor.redact(markdown), true).write();
        },
        saveState: (name, value) => core/* saveState */.LZ(name, value),
        state: (name) => core/* getState */.Gu(name),
    };
}

;// CONCATENATED MODULE: ./lib/kit/start.js



async function start(action) {
    const runner = connectRunner(process);
    try {
        const inputs = readInputs(action.spec, runner.environment, runner.mask);
        const result = await action.run(inputs, action.connect(runner, inputs));
        writeOutputs(action.spec, result, runner);
        if (result.failure !== undefined)
            throw result.failure;
    }
    catch (error) {
        report(error, runner, `${action.spec.name} failed`);
    }
}
async function startPost(name, post) {
    const runner = connectRunner(process);
    try {
        await post(runner);
    }
    catch (error) {
        runner.log.warning(runner.redact((0,error_chain/* renderError */.vr)(error)), { title: `${name}: clean-up was not finished` });
    }
}
function writeOutputs(spec, result, runner) {
    const values = result.outputs;
    for (const name of Object.keys(spec.outputs)) {
        const value = values[name];
        if (value !== undefined)
            runner.setOutput(name, String(value));
    }
}
function report(error, runner, title) {
    process.exitCode = 1;
    const place = error !== null && typeof error === "object" ? error : {};
    runner.log.error(runner.redact((0,error_chain/* renderError */.vr)(error)), { title, file: place.file, line: place.line });
    runner.setOutput("error-code", (0,error_chain/* codeOf */.$N)(error));
}


/***/ }),

/***/ 878:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   y: () => (/* binding */ UserError)
/* harmony export */ });
class UserError extends Error {
    name = "UserError";
    code;
    file;
    line;
    constructor(code, message, options = {}) {
        super(message, options.cause === undefined ? {} : { cause: options.cause });
        this.code = code;
        this.file = options.file;
        this.line = options.line;
    }
}


/***/ }),

/***/ 3988:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   D: () => (/* binding */ decodePayload),
/* harmony export */   U: () => (/* binding */ parseIdToken)
/* harmony export */ });
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
function isPassingFault(error) {
    return codesOf(error).some((code) => code in PASSING);
}
function describeConnectionFault(error) {
    const codes = codesOf(error);
    const known = codes.find((code) => code in PASSING || code in LASTING);
    if (known !== undefined)
        return `${PASSING[known] ?? LASTING[known]} (${known})`;
    return error instanceof Error ? error.message : String(error);
}
function codesOf(error) {
    const codes = [];
    let current = error;
    for (let depth = 0; depth < 5 && current instanceof Error; depth += 1) {
        if ("code" in current && typeof current.code === "string")
            codes.push(current.code);
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
const UNKNOWN_REFUSAL = {
    code: "entra-refused",
    cause: "Entra refused the login for a reason that Mayfly has no explanation for",
    mend: "look the number up at https://login.microsoftonline.com/error, or ask support with the trace id",
};
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
function findMeaning(aadsts) {
    return Object.entries(ENTRA_MEANINGS).find(([number]) => Number(number) === aadsts)?.[1];
}

;// CONCATENATED MODULE: ./lib/oidc/refusal.js

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
function explainAnswer(answer) {
    const known = findMeaning(answer.aadsts);
    if (known !== undefined)
        return known;
    return isBusyStatus(answer.status) ? (findMeaning(90033) ?? UNKNOWN_REFUSAL) : UNKNOWN_REFUSAL;
}
function isBusyStatus(status) {
    return status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505);
}
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
const NOTABLE_MS = 30_000;
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
function parseSubject(text) {
    const [label, place, ...rest] = text.split(":");
    const found = label === "repo" ? REPOSITORY.exec(place ?? "") : null;
    const [, owner, ownerId, repository, repositoryId] = found ?? [];
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
function isImmutable(subject) {
    return subject.ownerId !== undefined;
}
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
function findScope(message) {
    return /scope\(s\) are locked: '([^']+)'/.exec(message)?.[1];
}
function unique(blockers) {
    const seen = new Map(blockers.map((blocker) => [`${blocker.resource} ${blocker.code} ${blocker.message}`, blocker]));
    return [...seen.values()];
}


/***/ })

};
