export const id = 483;
export const ids = [483];
export const modules = {

/***/ 6720:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   W: () => (/* binding */ removeAzFolder),
/* harmony export */   n: () => (/* binding */ loginAz)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3024);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1455);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6760);



const PREFIX = "mayfly-az-";
async function loginAz(options) {
    const az = await options.commands.find("az");
    if (az === undefined)
        return undefined;
    const folder = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.mkdtemp)((0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(options.tempFolder, PREFIX));
    options.onFolder(folder);
    const call = (parameters) => options.commands.run(az, [...parameters, "--only-show-errors", "--output", "json"], {
        AZURE_CONFIG_DIR: folder,
        AZURE_CORE_COLLECT_TELEMETRY: "no",
        AZURE_CORE_LOGIN_EXPERIENCE_V2: "off",
    });
    for (const [step, parameters] of listCloudSteps(options.cloud)) {
        const outcome = await call(parameters);
        if (outcome.exitCode !== 0)
            return fail(step, outcome);
    }
    const login = await withTokenFile(folder, options.idToken, (file) => call(renderLogin(options, file)));
    if (login.exitCode !== 0)
        return fail("az login", login);
    const { subscriptionId } = options;
    if (subscriptionId !== undefined && !isDefault(login.stdout, subscriptionId)) {
        const outcome = await call(["account", "set", "--subscription", subscriptionId]);
        if (outcome.exitCode !== 0)
            return fail("az account set", outcome);
    }
    return { kind: "in", configFolder: folder };
}
function fail(step, outcome) {
    return { kind: "failed", step, said: outcome.stderr.trim() || `exit code ${outcome.exitCode}` };
}
function listCloudSteps(cloud) {
    if (cloud.azCloudName === "AzureCloud")
        return [];
    if (cloud.azCloudName !== undefined)
        return [["az cloud set", ["cloud", "set", "--name", cloud.azCloudName]]];
    const endpoints = [
        ["--endpoint-active-directory", cloud.authorityHost],
        ["--endpoint-resource-manager", `${cloud.resourceManager}/`],
        ["--endpoint-active-directory-resource-id", `${cloud.resourceManager}/`],
    ];
    return [
        ["az cloud register", ["cloud", "register", "--name", "Mayfly", ...endpoints.flat()]],
        ["az cloud set", ["cloud", "set", "--name", "Mayfly"]],
    ];
}
function renderLogin(login, tokenFile) {
    return [
        ...["login", "--service-principal", "--username", login.clientId, "--tenant", login.tenantId],
        ...["--federated-token", `@${tokenFile}`],
        ...(login.subscriptionId === undefined ? ["--allow-no-subscriptions"] : []),
    ];
}
async function withTokenFile(folder, idToken, use) {
    const token = await idToken();
    const path = (0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(folder, "assertion");
    const file = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.open)(path, node_fs__WEBPACK_IMPORTED_MODULE_0__.constants.O_WRONLY | node_fs__WEBPACK_IMPORTED_MODULE_0__.constants.O_CREAT | node_fs__WEBPACK_IMPORTED_MODULE_0__.constants.O_EXCL | node_fs__WEBPACK_IMPORTED_MODULE_0__.constants.O_NOFOLLOW, 0o600);
    try {
        await file.writeFile(token).finally(() => file.close());
        return await use(path);
    }
    finally {
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.rm)(path, { force: true });
    }
}
function isDefault(stdout, subscriptionId) {
    try {
        const accounts = JSON.parse(stdout);
        const same = (id) => String(id).toLowerCase() === subscriptionId.toLowerCase();
        return Array.isArray(accounts) && accounts.some((account) => account?.isDefault === true && same(account?.id));
    }
    catch {
        return false;
    }
}
async function removeAzFolder(folder, tempFolder) {
    if (!(0,node_path__WEBPACK_IMPORTED_MODULE_2__.isAbsolute)(folder) || !(0,node_path__WEBPACK_IMPORTED_MODULE_2__.basename)(folder).startsWith(PREFIX))
        return `${folder} is not a folder that azure-login makes`;
    const found = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.lstat)(folder).catch(() => undefined);
    if (found === undefined)
        return undefined;
    if (!found.isDirectory())
        return `${folder} is not a folder any more`;
    if ((await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.realpath)((0,node_path__WEBPACK_IMPORTED_MODULE_2__.dirname)(folder))) !== (await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.realpath)(tempFolder)))
        return `${folder} is outside ${tempFolder}`;
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.rm)(folder, { recursive: true, force: true, maxRetries: 3 });
    return undefined;
}


/***/ }),

/***/ 3226:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  N: () => (/* binding */ connect)
});

// EXTERNAL MODULE: ./lib/azure/arm-refusal.js
var arm_refusal = __webpack_require__(7068);
// EXTERNAL MODULE: ./lib/azure/cloud.js
var azure_cloud = __webpack_require__(4826);
// EXTERNAL MODULE: ./lib/azure/credential.js
var azure_credential = __webpack_require__(7010);
// EXTERNAL MODULE: ./lib/azure/entra-error.js
var entra_error = __webpack_require__(8848);
// EXTERNAL MODULE: ./lib/azure/exchange.js
var exchange = __webpack_require__(7590);
// EXTERNAL MODULE: ./lib/oidc/connection-fault.js
var connection_fault = __webpack_require__(3416);
// EXTERNAL MODULE: ./lib/oidc/refusal.js + 1 modules
var refusal = __webpack_require__(5973);
// EXTERNAL MODULE: ./lib/azure/arm-policies.js
var arm_policies = __webpack_require__(4676);
// EXTERNAL MODULE: ./lib/azure/retry.js
var retry = __webpack_require__(7573);
;// CONCATENATED MODULE: ./lib/azure/subscriptions.js





const API = "api-version=2022-12-01";
function connectSubscriptions(options) {
    const address = (path) => `${options.cloud.resourceManager}${path}?${API}`;
    const list = async (until) => {
        const found = [];
        let next = address("/subscriptions");
        while (next !== undefined) {
            const page = readPage(await ask(options, next));
            found.push(...page.subscriptions);
            if (until !== undefined && found.some(({ id }) => isSame(id, until)))
                break;
            next = page.next;
        }
        return found;
    };
    return {
        list: () => list(),
        find: async (id) => {
            const visible = await list(id);
            const listed = visible.find((one) => isSame(one.id, id));
            if (listed !== undefined)
                return { kind: "found", subscription: listed };
            try {
                return { kind: "found", subscription: readSubscription(await ask(options, address(`/subscriptions/${id}`))) };
            }
            catch (error) {
                if (!(error instanceof arm_refusal/* ArmRefusal */.p) || error.status === 429 || error.status >= 500)
                    throw error;
                return { kind: "hidden", because: `${error.status} ${error.fault.code}: ${error.fault.message}`, visible };
            }
        },
    };
}
async function ask(options, url) {
    if (new URL(url).origin !== options.cloud.resourceManager)
        throw new Error(`${url} is not ARM's`);
    const { createDefaultHttpClient, createPipelineRequest } = await __webpack_require__.e(/* import() */ 882).then(__webpack_require__.bind(__webpack_require__, 9501));
    const pipeline = await createArmPipeline(options);
    const httpClient = options.httpClient ?? createDefaultHttpClient();
    const path = new URL(url).pathname;
    return (0,retry/* retry */.L5)(async () => {
        let response;
        try {
            response = await pipeline.sendRequest(httpClient, createPipelineRequest({ url, method: "GET" }));
        }
        catch (error) {
            const silent = new Error(`No answer from ${options.cloud.resourceManager}: ${(0,connection_fault/* describeConnectionFault */.e)(error)}`, {
                cause: error,
            });
            if ((0,connection_fault/* isPassingFault */.E)(error))
                return { kind: "again", because: silent };
            throw error instanceof Error && error.name === "RestError" ? silent : error;
        }
        if (response.status === 200)
            return { kind: "done", value: JSON.parse(response.bodyAsText ?? "null") };
        const because = new arm_refusal/* ArmRefusal */.p(`GET ${path}`, response.status, (0,arm_policies/* faultOf */.Kl)(response), (0,arm_policies/* requestIdOf */.Gb)(response));
        if (!(0,refusal/* isBusyStatus */.Gz)(response.status))
            throw because;
        return { kind: "again", because, waitMs: (0,retry/* parseRetryAfter */.mu)(response.headers.get("retry-after"), options.now()) };
    }, options);
}
async function createArmPipeline({ credential, cloud }) {
    const { bearerTokenAuthenticationPolicy, createPipelineFromOptions } = await __webpack_require__.e(/* import() */ 882).then(__webpack_require__.bind(__webpack_require__, 9501));
    const pipeline = createPipelineFromOptions({ retryOptions: { maxRetries: 0 } });
    pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: cloud.armScope }));
    return pipeline;
}
function readPage(body) {
    const { value, nextLink } = asRecord(body);
    if (!Array.isArray(value))
        throw new Error("ARM's list of subscriptions has no value");
    return {
        subscriptions: value.map(readSubscription),
        next: typeof nextLink === "string" && nextLink !== "" ? nextLink : undefined,
    };
}
function readSubscription(body) {
    const { subscriptionId, displayName, tenantId, state } = asRecord(body);
    if (typeof subscriptionId !== "string")
        throw new Error("ARM's subscription has no subscriptionId");
    return {
        id: subscriptionId,
        name: typeof displayName === "string" ? displayName : subscriptionId,
        tenantId: typeof tenantId === "string" ? tenantId : undefined,
        state: typeof state === "string" ? state : "Unknown",
    };
}
function asRecord(value) {
    return typeof value === "object" && value !== null ? { ...value } : {};
}
function isSame(left, right) {
    return left.toLowerCase() === right.toLowerCase();
}

;// CONCATENATED MODULE: ./lib/kit/command.js
function connectCommands(environment) {
    return {
        find: async (tool) => {
            const { which } = await Promise.resolve(/* import() */).then(__webpack_require__.bind(__webpack_require__, 8701));
            return (await which(tool, false)) || undefined;
        },
        run: async (path, parameters, added = {}) => {
            const { getExecOutput } = await Promise.resolve(/* import() */).then(__webpack_require__.bind(__webpack_require__, 1955));
            const inherited = Object.entries(environment).filter((entry) => entry[1] !== undefined);
            return getExecOutput(path, [...parameters], {
                silent: true,
                ignoreReturnCode: true,
                env: { ...Object.fromEntries(inherited), ...added },
            });
        },
    };
}

// EXTERNAL MODULE: ./lib/oidc/claims.js
var oidc_claims = __webpack_require__(3988);
;// CONCATENATED MODULE: ./lib/oidc/identity-kind.js

const LONGEST_OF_APPS_SECONDS = 2 * 3600;
function readIdentity(accessToken) {
    const claims = (0,oidc_claims/* decodePayload */.D)(accessToken) ?? {};
    const read = (name) => {
        const value = claims[name];
        return typeof value === "string" && value !== "" ? value : undefined;
    };
    const resourceId = read("xms_mirid");
    return { kind: judgeKind(claims, resourceId), objectId: read("oid"), tenantId: read("tid"), resourceId };
}
function judgeKind(claims, resourceId) {
    if (resourceId !== undefined)
        return "managed-identity";
    if (Number(claims["exp"]) - Number(claims["iat"]) > LONGEST_OF_APPS_SECONDS)
        return "managed-identity";
    return claims["idtyp"] === "app" ? "application" : "unknown";
}

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: ./lib/kit/user-error.js
var user_error = __webpack_require__(878);
// EXTERNAL MODULE: ./lib/oidc/id-token-fault.js
var id_token_fault = __webpack_require__(6809);
;// CONCATENATED MODULE: ./lib/oidc/missing-id-token.js
const LINES = "permissions:\n  id-token: write\n  contents: read";
function explainMissingIdToken(facts) {
    return REASONS.map((reason) => reason(facts)).find((finding) => finding !== undefined) ?? explainPermission();
}
const REASONS = [
    (facts) => facts.serverHost === undefined
        ? finding("id-token-not-on-actions", "This is not a job of GitHub Actions: there is no GITHUB_SERVER_URL.", [
            "azure-login needs the ID token that GitHub gives to jobs; on a laptop use: az login",
        ])
        : undefined,
    (facts) => (isFork(facts) ? explainFork(facts) : undefined),
    (facts) => facts.actor === "dependabot[bot]" && facts.eventName !== "pull_request_target"
        ? finding("id-token-dependabot", "Runs that Dependabot starts get a read-only token, and so no ID token.", [
            "skip the login for it: if: github.actor != 'dependabot[bot]'",
            "or let a person run the job again: a re-run keeps the actor, a new push by a person does not",
        ])
        : undefined,
    (facts) => isEnterpriseServer(facts.serverHost)
        ? finding("id-token-enterprise-server", `GitHub Enterprise Server ${facts.serverHost} gave the job no ID token.`, [
            `grant it in the workflow:\n${LINES}`,
            "and let an administrator check that OIDC for Actions works: https://HOST/_services/token/.well-known/openid-configuration",
        ])
        : undefined,
    (facts) => isCalled(facts)
        ? finding("id-token-reusable-workflow", `The job runs in the reusable workflow ${facts.jobWorkflowRef}, and its caller ${facts.workflowRef} grants no id-token: write.`, [`a called workflow can only lose permissions: add to the calling job\n${LINES}`])
        : undefined,
];
function explainPermission() {
    return finding("id-token-permission", "The job has no permission to ask GitHub for an ID token.", [
        `add to the job, or to the workflow:\n${LINES}`,
        "one permissions key drops all that it does not name; of a reusable workflow the calling job must grant it too",
    ]);
}
function explainFork(facts) {
    const from = facts.headRepository === null ? "a fork that is deleted" : `the fork ${facts.headRepository}`;
    return finding("id-token-fork", `The pull request comes from ${from}, and forks get no ID token.`, [
        "no permissions key changes that: skip the login for forks",
        "if: github.event.pull_request.head.repo.full_name == github.repository",
    ]);
}
function isFork(facts) {
    const event = facts.eventName ?? "";
    const ofPullRequest = event.startsWith("pull_request") && event !== "pull_request_target";
    return ofPullRequest && facts.headRepository !== undefined && facts.headRepository !== facts.repository;
}
function isCalled(facts) {
    const file = (ref) => ref.split("@")[0] ?? ref;
    if (facts.workflowRef === undefined || facts.jobWorkflowRef === undefined)
        return false;
    return file(facts.workflowRef) !== file(facts.jobWorkflowRef);
}
function isEnterpriseServer(host) {
    return host !== undefined && host !== "github.com" && !host.endsWith(".ghe.com");
}
function finding(code, what, todo) {
    return { code, message: [what, ...todo.map((one, index) => `${index === 0 ? "To do" : "Also"}: ${one}`)].join("\n") };
}

;// CONCATENATED MODULE: ./lib/actions/github-id-token.js






function connectIdToken(runner, jobWorkflowRef) {
    return async (audience) => {
        const address = runner.environment["ACTIONS_ID_TOKEN_REQUEST_URL"];
        if (!address || !runner.environment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]) {
            const { code, message } = explainMissingIdToken(await readJobFacts(runner.environment, jobWorkflowRef));
            throw new user_error/* UserError */.y(code, message);
        }
        const host = URL.parse(address)?.host ?? "an unreadable address";
        const token = await (0,retry/* retry */.L5)(async () => {
            try {
                return { kind: "done", value: await runner.idToken(audience) };
            }
            catch (cause) {
                const fault = (0,id_token_fault/* explainIdTokenFault */.k)(cause, host);
                const because = new user_error/* UserError */.y(fault.code, fault.message);
                if (fault.passing)
                    return { kind: "again", because };
                throw because;
            }
        }, runner, { ...retry/* LOGIN_RETRY */.P6, tries: 3 });
        runner.mask(token);
        if ((0,oidc_claims/* parseIdToken */.U)(token) === undefined) {
            const { code, message } = (0,id_token_fault/* explainUnreadableIdToken */.z)(host);
            throw new user_error/* UserError */.y(code, message);
        }
        return token;
    };
}
async function readJobFacts(environment, jobWorkflowRef) {
    const read = (name) => environment[name] || undefined;
    const server = read("GITHUB_SERVER_URL");
    return {
        serverHost: server === undefined ? undefined : (URL.parse(server)?.host ?? server),
        eventName: read("GITHUB_EVENT_NAME"),
        actor: read("GITHUB_ACTOR"),
        repository: read("GITHUB_REPOSITORY"),
        headRepository: await readHeadRepository(read("GITHUB_EVENT_PATH")),
        workflowRef: read("GITHUB_WORKFLOW_REF"),
        jobWorkflowRef: jobWorkflowRef?.includes("{{") ? undefined : jobWorkflowRef || undefined,
    };
}
async function readHeadRepository(eventPath) {
    if (eventPath === undefined)
        return undefined;
    try {
        const event = JSON.parse(await (0,promises_.readFile)(eventPath, "utf8"));
        const head = event.pull_request?.head;
        if (head === undefined)
            return undefined;
        return head.repo?.full_name ?? null;
    }
    catch {
        return undefined;
    }
}

// EXTERNAL MODULE: ./lib/actions/azure-login/az.js
var az = __webpack_require__(6720);
// EXTERNAL MODULE: ./lib/actions/azure-login/state.js
var state = __webpack_require__(5046);
;// CONCATENATED MODULE: ./lib/actions/azure-login/connect.js











function connect(runner, inputs) {
    const cloud = (0,azure_cloud/* chooseCloud */.R)(inputs);
    const world = {
        now: runner.now,
        sleep: runner.sleep,
        random: Math.random,
        mask: runner.mask,
        cancelled: runner.cancelled,
    };
    const freshIdToken = connectIdToken({ ...runner, ...world }, inputs.workflowRef);
    let unused;
    let requestId;
    const credential = (0,azure_credential/* connectCredential */.y)({
        ...world,
        cloud,
        tenantId: inputs.tenantId,
        clientId: inputs.clientId,
        debug: runner.log.debug,
        onExchange: (id) => {
            requestId = id;
        },
        idToken: (audience) => {
            const token = unused ?? freshIdToken(audience);
            unused = undefined;
            return token;
        },
    });
    const subscriptions = connectSubscriptions({ ...world, cloud, credential });
    const explained = async (clause, work) => work.catch((error) => {
        throw (0,arm_refusal/* explainRefusal */.G)(clause, error);
    });
    return {
        log: runner.log,
        environment: runner.environment,
        cancelled: runner.cancelled,
        cloud,
        idToken: async () => {
            unused = freshIdToken(cloud.audience);
            const [token] = await Promise.all([unused, (0,exchange/* loadTransport */.s)()]);
            return token;
        },
        signIn: async () => {
            try {
                const token = await credential.getToken(cloud.armScope);
                if (token === null)
                    throw new Error("the credential gave no token");
                const expiresOn = new Date(token.expiresOnTimestamp);
                return { kind: "granted", identity: readIdentity(token.token), expiresOn, requestId };
            }
            catch (error) {
                if (error instanceof entra_error/* EntraError */.B)
                    return { kind: "refused", refusal: error.refusal, error };
                throw error;
            }
        },
        listSubscriptions: () => explained("Cannot list the identity's subscriptions", subscriptions.list()),
        findSubscription: (id) => explained(`Cannot read subscription ${id}`, subscriptions.find(id)),
        loginAz: (login) => (0,az/* loginAz */.n)({
            ...login,
            commands: connectCommands(runner.environment),
            tempFolder: runner.tempFolder,
            idToken: () => freshIdToken(cloud.audience),
            onFolder: (folder) => runner.saveState(state/* AZ_FOLDER */.t, folder),
        }),
        exportVariable: runner.exportVariable,
        summarize: runner.summarize,
    };
}


/***/ }),

/***/ 8483:
/***/ ((__webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.a(__webpack_module__, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
__webpack_require__.r(__webpack_exports__);
/* harmony import */ var _kit_start_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3712);
/* harmony import */ var _connect_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3226);
/* harmony import */ var _run_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(824);
/* harmony import */ var _spec_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(1288);




await (0,_kit_start_js__WEBPACK_IMPORTED_MODULE_0__/* .start */ .n)({ spec: _spec_js__WEBPACK_IMPORTED_MODULE_3__/* .spec */ .I, run: _run_js__WEBPACK_IMPORTED_MODULE_2__/* .run */ .e, connect: _connect_js__WEBPACK_IMPORTED_MODULE_1__/* .connect */ .N });

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ }),

/***/ 824:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  e: () => (/* binding */ run)
});

// EXTERNAL MODULE: ./lib/kit/user-error.js
var user_error = __webpack_require__(878);
// EXTERNAL MODULE: ./lib/oidc/claims.js
var oidc_claims = __webpack_require__(3988);
// EXTERNAL MODULE: ./lib/oidc/id-token-fault.js
var id_token_fault = __webpack_require__(6809);
;// CONCATENATED MODULE: ./lib/actions/azure-login/exports.js
const AZURERM_AUDIENCE = "api://AzureADTokenExchange";
function listExports(facts) {
    return { ...listShared(facts), ...(facts.consumers.includes("terraform") ? listTerraform(facts) : {}) };
}
function listShared(facts) {
    const { cloud, environment } = facts;
    const custom = cloud.name === "custom";
    const ownAudience = cloud.audience !== cloud.usualAudience;
    return {
        AZURE_CLIENT_ID: facts.clientId,
        AZURE_TENANT_ID: facts.tenantId,
        ...orClear(environment, "AZURE_SUBSCRIPTION_ID", facts.subscriptionId),
        ...(cloud.name === "public" && !environment["AZURE_AUTHORITY_HOST"]
            ? {}
            : { AZURE_AUTHORITY_HOST: cloud.authorityHost }),
        ...orClear(environment, "MAYFLY_CLOUD", cloud.name === "public" ? undefined : cloud.name),
        ...orClear(environment, "MAYFLY_AUTHORITY_HOST", custom ? cloud.authorityHost : undefined),
        ...orClear(environment, "MAYFLY_RESOURCE_MANAGER", custom ? cloud.resourceManager : undefined),
        ...orClear(environment, "MAYFLY_AUDIENCE", ownAudience ? cloud.audience : undefined),
    };
}
function listTerraform(facts) {
    const { cloud, environment } = facts;
    return {
        ARM_CLIENT_ID: facts.clientId,
        ARM_TENANT_ID: facts.tenantId,
        ...orClear(environment, "ARM_SUBSCRIPTION_ID", facts.subscriptionId),
        ARM_USE_OIDC: "true",
        ...orClear(environment, "ARM_ENVIRONMENT", cloud.name === "public" ? undefined : cloud.terraformEnvironment),
        ...orClear(environment, "ARM_METADATA_HOSTNAME", cloud.name === "custom" ? hostOf(cloud.resourceManager) : undefined),
        ...orClear(environment, "ARM_OIDC_REQUEST_URL", renderRequestUrl(facts)),
    };
}
function renderRequestUrl({ cloud, environment }) {
    const url = environment["ACTIONS_ID_TOKEN_REQUEST_URL"];
    if (cloud.audience === AZURERM_AUDIENCE || url === undefined || url === "")
        return undefined;
    return `${url}&audience=${encodeURIComponent(cloud.audience)}`;
}
function orClear(environment, name, value) {
    if (value !== undefined)
        return { [name]: value };
    return environment[name] ? { [name]: "" } : {};
}
function hostOf(address) {
    return new URL(address).host;
}

// EXTERNAL MODULE: ./lib/kit/markdown.js
var markdown = __webpack_require__(7391);
;// CONCATENATED MODULE: ./lib/oidc/quote.js
function shellQuote(text) {
    return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
function terraformQuote(text) {
    return JSON.stringify(text).replace(/[$%](?=\{)/g, (sign) => sign + sign);
}
function bicepQuote(text) {
    const escaped = text
        .replaceAll("\\", "\\\\")
        .replaceAll("'", "\\'")
        .replaceAll("${", "\\${")
        .replaceAll("\n", "\\n")
        .replaceAll("\r", "\\r")
        .replaceAll("\t", "\\t");
    return `'${escaped}'`;
}

// EXTERNAL MODULE: ./lib/oidc/subject.js
var oidc_subject = __webpack_require__(3489);
;// CONCATENATED MODULE: ./lib/oidc/credential-lines.js


function listReadyLines(clientId, presented) {
    const name = nameCredential(presented.subject);
    return [
        { tool: "az", kind: "managed identity", language: "bash", text: azIdentity(clientId, name, presented) },
        { tool: "az", kind: "app", language: "bash", text: azApp(clientId, name, presented) },
        { tool: "terraform, azurerm 5", kind: "managed identity", language: "hcl", text: azurerm(name, presented, 5) },
        { tool: "terraform, azurerm 4", kind: "managed identity", language: "hcl", text: azurerm(name, presented, 4) },
        { tool: "terraform, azuread 3", kind: "app", language: "hcl", text: azuread(clientId, name, presented) },
        { tool: "bicep", kind: "managed identity", language: "bicep", text: bicepIdentity(name, presented) },
        { tool: "bicep, Microsoft Graph 1.0", kind: "app", language: "bicep", text: bicepApp(name, presented) },
    ];
}
function nameCredential(subject) {
    const parsed = (0,oidc_subject/* parseSubject */.Ci)(subject);
    const context = parsed?.context;
    const tail = context === undefined
        ? subject
        : context.kind === "environment"
            ? context.name
            : context.kind === "ref"
                ? context.ref.replace(/^refs\/(heads|tags)\//, "")
                : "pull-request";
    const slug = `${parsed?.repository ?? "github"}-${tail}`.replace(/[^A-Za-z0-9_-]+/g, "-");
    return `gh-${slug.replace(/^[-_]+|[-_]+$/g, "")}`.slice(0, 120).replace(/[-_]+$/, "");
}
function azIdentity(clientId, name, presented) {
    const query = shellQuote(`[?clientId=='${clientId}'].[name, resourceGroup]`);
    return [
        `read -r IDENTITY GROUP < <(az identity list --query ${query} --output tsv)`,
        "az identity federated-credential create \\",
        '  --identity-name "$IDENTITY" --resource-group "$GROUP" \\',
        `  --name ${shellQuote(name)} \\`,
        `  --issuer ${shellQuote(presented.issuer)} \\`,
        `  --subject ${shellQuote(presented.subject)} \\`,
        `  --audiences ${shellQuote(presented.audience)}`,
    ].join("\n");
}
function azApp(clientId, name, presented) {
    const { issuer, subject, audience } = presented;
    const parameters = JSON.stringify({ name, issuer, subject, audiences: [audience] });
    return [
        `az ad app federated-credential create --id ${shellQuote(clientId)} \\`,
        `  --parameters ${shellQuote(parameters)}`,
    ].join("\n");
}
function azurerm(name, presented, version) {
    const label = name.toLowerCase().replaceAll("-", "_");
    const parent = version === 5
        ? ["  user_assigned_identity_id = data.azurerm_user_assigned_identity.this.id"]
        : [
            "  parent_id           = data.azurerm_user_assigned_identity.this.id",
            "  resource_group_name = data.azurerm_user_assigned_identity.this.resource_group_name",
        ];
    return [
        'data "azurerm_user_assigned_identity" "this" {',
        '  name                = "IDENTITY"',
        '  resource_group_name = "GROUP"',
        "}",
        "",
        `resource "azurerm_federated_identity_credential" "${label}" {`,
        `  name     = ${terraformQuote(name)}`,
        ...parent,
        `  issuer   = ${terraformQuote(presented.issuer)}`,
        `  subject  = ${terraformQuote(presented.subject)}`,
        `  audience = [${terraformQuote(presented.audience)}]`,
        "}",
    ].join("\n");
}
function azuread(clientId, name, presented) {
    const label = name.toLowerCase().replaceAll("-", "_");
    return [
        'data "azuread_application" "this" {',
        `  client_id = ${terraformQuote(clientId)}`,
        "}",
        "",
        `resource "azuread_application_federated_identity_credential" "${label}" {`,
        "  application_id = data.azuread_application.this.id",
        `  display_name   = ${terraformQuote(name)}`,
        `  issuer         = ${terraformQuote(presented.issuer)}`,
        `  subject        = ${terraformQuote(presented.subject)}`,
        `  audiences      = [${terraformQuote(presented.audience)}]`,
        "}",
    ].join("\n");
}
function bicepIdentity(name, presented) {
    return [
        "resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {",
        "  name: 'IDENTITY'",
        "",
        "  resource github 'federatedIdentityCredentials' = {",
        `    name: ${bicepQuote(name)}`,
        "    properties: {",
        `      issuer: ${bicepQuote(presented.issuer)}`,
        `      subject: ${bicepQuote(presented.subject)}`,
        `      audiences: [${bicepQuote(presented.audience)}]`,
        "    }",
        "  }",
        "}",
    ].join("\n");
}
function bicepApp(name, presented) {
    return [
        "extension 'br:mcr.microsoft.com/bicep/extensions/microsoftgraph/v1.0:1.0.0'",
        "",
        "resource app 'Microsoft.Graph/applications@v1.0' existing = {",
        "  uniqueName: 'APP'",
        "}",
        "",
        "resource github 'Microsoft.Graph/applications/federatedIdentityCredentials@v1.0' = {",
        `  name: '\${app.uniqueName}/${bicepQuote(name).slice(1)}`,
        `  issuer: ${bicepQuote(presented.issuer)}`,
        `  subject: ${bicepQuote(presented.subject)}`,
        `  audiences: [${bicepQuote(presented.audience)}]`,
        "}",
    ].join("\n");
}

// EXTERNAL MODULE: ./lib/oidc/render-refusal.js + 1 modules
var render_refusal = __webpack_require__(6139);
;// CONCATENATED MODULE: ./lib/oidc/subject-trace.js

function traceSubject(claims) {
    const subject = (0,oidc_subject/* parseSubject */.Ci)(claims.subject);
    if (subject === undefined) {
        return [
            "the subject follows a template of your organisation or repository, not GitHub's default: " +
                "GET /repos/{owner}/{repo}/actions/oidc/customization/sub shows it",
            ...traceCaller(claims),
        ];
    }
    return [traceForm(subject), ...traceContext(subject, claims), ...traceMore(subject), ...traceCaller(claims)];
}
function traceForm(subject) {
    return (0,oidc_subject/* isImmutable */.t3)(subject)
        ? "immutable form: the repository was made, renamed or transferred after 15 July 2026, or has opted in; " +
            "the numbers are the ids of owner and repository"
        : "classic form: the repository is older than 15 July 2026 and has not opted in to immutable subjects";
}
function traceContext(subject, claims) {
    const event = claims.eventName ?? "unknown";
    switch (subject.context.kind) {
        case "environment":
            return [
                `the job has "environment: ${subject.context.name}": the environment counts and hides branch, tag and event (${event})`,
            ];
        case "pull_request":
            return [
                "the job has no environment",
                `the event is ${event}: every pull request of the repository has this subject`,
            ];
        case "ref":
            return [
                "the job has no environment",
                `the event is ${event}, not pull_request: the run's branch or tag counts (${subject.context.ref})`,
                ...(claims.eventName === "pull_request_target"
                    ? [
                        "pull_request_target runs with the base branch's subject, also for forks: never run their code in this job",
                    ]
                    : []),
                ...(claims.eventName === "merge_group"
                    ? ["a merge queue makes a new branch each time: give the job an environment, or no credential can match"]
                    : []),
            ];
    }
}
function traceMore(subject) {
    return subject.more === "" ? [] : [`a customised template adds "${subject.more.slice(1)}"`];
}
function traceCaller(claims) {
    const { jobWorkflowRef, workflowRef } = claims;
    if (jobWorkflowRef === undefined || jobWorkflowRef === workflowRef)
        return [];
    return [`the job runs in the reusable workflow ${jobWorkflowRef}: the subject is its caller's all the same`];
}
function listNearMisses(claims) {
    const subject = (0,oidc_subject/* parseSubject */.Ci)(claims.subject);
    if (subject === undefined)
        return [];
    const misses = [];
    const miss = (change, why) => {
        misses.push({ subject: (0,oidc_subject/* renderSubject */.TK)({ ...subject, ...change }), why });
    };
    if ((0,oidc_subject/* isImmutable */.t3)(subject)) {
        miss({ ownerId: undefined, repositoryId: undefined }, "the classic form, without ids");
    }
    else if (claims.repositoryOwnerId !== undefined && claims.repositoryId !== undefined) {
        miss({ ownerId: claims.repositoryOwnerId, repositoryId: claims.repositoryId }, "the immutable form, with ids");
    }
    const ofBranch = claims.ref?.startsWith("refs/heads/") || claims.ref?.startsWith("refs/tags/");
    if (subject.context.kind !== "ref" && claims.ref !== undefined && ofBranch) {
        miss({ context: { kind: "ref", ref: claims.ref } }, "of the branch or tag, which does not count here");
    }
    if (subject.context.kind === "environment" && claims.eventName === "pull_request") {
        miss({ context: { kind: "pull_request" } }, "of pull requests, which an environment hides");
    }
    return misses;
}

;// CONCATENATED MODULE: ./lib/actions/azure-login/failure-report.js





function listChapters(refusal) {
    const { claims, clientId } = refusal.attempt;
    if (claims === undefined)
        return [];
    const why = { title: "Why the subject is what it is", lines: traceSubject(claims).map((line) => `- ${line}`) };
    if (!isAboutCredential(refusal))
        return [why];
    const misses = listNearMisses(claims).map(({ subject, why }) => `- ${subject}  (${why})`);
    return [
        why,
        ...(misses.length === 0 ? [] : [{ title: "Subjects that look right and do not match", lines: misses }]),
        { title: "What the identity has now", lines: listInspection(clientId) },
        ...listReadyLines(clientId, claims).map(({ tool, kind, text }) => ({
            title: `Add the federated credential: ${tool} (${kind})`,
            lines: text.split("\n"),
        })),
    ];
}
function renderFailureSummary(refusal) {
    const { claims, clientId, tenantId } = refusal.attempt;
    const head = `### Azure login failed\n\n${(0,markdown/* fenced */.OF)((0,render_refusal/* renderRefusal */.$)(refusal), "text")}`;
    if (claims === undefined)
        return (0,markdown/* withinBudget */.xV)([{ text: head }], markdown/* SUMMARY_BUDGET_BYTES */.Xb);
    const presented = (0,markdown/* table */.tp)(["", "Presented to Entra"], [
        ["issuer", (0,markdown/* code */.aY)(claims.issuer)],
        ["subject", (0,markdown/* code */.aY)(claims.subject)],
        ["audience", (0,markdown/* code */.aY)(claims.audience)],
        ["client id", (0,markdown/* code */.aY)(clientId)],
        ["tenant", (0,markdown/* code */.aY)(tenantId)],
    ]);
    const trace = `**Why the subject is what it is**\n\n${traceSubject(claims)
        .map((line) => `- ${(0,markdown/* plain */.pj)(line)}`)
        .join("\n")}`;
    if (!isAboutCredential(refusal))
        return join([head, presented, trace]);
    const misses = listNearMisses(claims).map(({ subject, why }) => `- ${(0,markdown/* code */.aY)(subject)} ${(0,markdown/* plain */.pj)(`(${why})`)}`);
    return join([
        head,
        presented,
        trace,
        ...(misses.length === 0 ? [] : [`**Subjects that look right and do not match**\n\n${misses.join("\n")}`]),
        (0,markdown/* details */.zH)("What the identity has now", (0,markdown/* fenced */.OF)(listInspection(clientId).join("\n"), "bash")),
        "**Add the federated credential**, for a managed identity or for an app, whichever the client id is",
        ...listReadyLines(clientId, claims).map(({ tool, kind, language, text }) => (0,markdown/* details */.zH)(`${tool} (${kind})`, (0,markdown/* fenced */.OF)(text, language))),
    ]);
}
function join(sections) {
    return (0,markdown/* withinBudget */.xV)(sections.map((text) => ({ text })), markdown/* SUMMARY_BUDGET_BYTES */.Xb);
}
function isAboutCredential({ meaning }) {
    return meaning.claim !== undefined || meaning.code === "federated-credential-mismatch";
}
function listInspection(clientId) {
    const query = shellQuote(`[?clientId=='${clientId}'].[name, resourceGroup]`);
    return [
        "# a managed identity",
        `read -r IDENTITY GROUP < <(az identity list --query ${query} --output tsv)`,
        'az identity federated-credential list --identity-name "$IDENTITY" --resource-group "$GROUP" --output table',
        "# an app",
        `az ad app federated-credential list --id ${shellQuote(clientId)} --output table`,
    ];
}

// EXTERNAL MODULE: ./lib/oidc/subject-difference.js
var subject_difference = __webpack_require__(217);
;// CONCATENATED MODULE: ./lib/actions/azure-login/guards.js


function checkSubject(expected, claims) {
    if (expected.length === 0 || expected.includes(claims.subject))
        return;
    const lines = expected.flatMap((needed) => [
        `Expected subject:  ${needed}`,
        ...(0,subject_difference/* compareSubjects */.N)(claims.subject, needed).map(({ words }) => `  ${words}`),
    ]);
    throw new user_error/* UserError */.y("subject-not-expected", [
        'Guard "expected-subject": the ID token has another subject. Nothing was asked of Azure.',
        `Presented subject: ${claims.subject}`,
        ...lines,
    ].join("\n"));
}
function checkSubscription(allowed, subscriptionId) {
    if (allowed.length === 0)
        return;
    if (subscriptionId !== undefined && allowed.some((id) => id.toLowerCase() === subscriptionId.toLowerCase()))
        return;
    throw new user_error/* UserError */.y("subscription-not-allowed", subscriptionId === undefined
        ? 'Guard "allowed-subscriptions": the login has no subscription to compare. Name one in "subscription-id".'
        : `Guard "allowed-subscriptions": ${subscriptionId} is none of ${allowed.join(", ")}. Nothing was exported.`);
}
function warnOfEvent(claims) {
    if (claims.eventName !== "pull_request_target" && claims.eventName !== "workflow_run")
        return undefined;
    return (`${claims.eventName} logs in with the rights of the base branch, also for pull requests of forks: ` +
        "a job with this login must never check out or run their code.");
}

;// CONCATENATED MODULE: ./lib/actions/azure-login/leftovers.js
const LEFTOVERS = [
    {
        names: ["ARM_CLIENT_SECRET", "ARM_CLIENT_CERTIFICATE", "ARM_CLIENT_CERTIFICATE_PATH"],
        consumer: "terraform",
        why: "terraform prefers it to the federated login",
    },
    {
        names: ["ARM_OIDC_TOKEN", "ARM_OIDC_TOKEN_FILE_PATH"],
        consumer: "terraform",
        why: "terraform reads it once and prefers it to fresh tokens: after five minutes it fails with AADSTS700024",
    },
    {
        names: ["ARM_USE_MSI", "ARM_USE_AKS_WORKLOAD_IDENTITY"],
        consumer: "terraform",
        why: "terraform would take another identity than this one",
    },
    {
        names: ["AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_USERNAME", "AZURE_PASSWORD"],
        why: "every Azure SDK prefers it to the federated login",
    },
    {
        names: ["AZURE_FEDERATED_TOKEN_FILE"],
        why: "SDKs keep its content for minutes, while a GitHub ID token lives for five",
    },
];
function listLeftovers(environment, consumers) {
    return LEFTOVERS.filter(({ consumer }) => consumer === undefined || consumers.includes(consumer)).flatMap(({ names, why }) => names
        .filter((name) => isSet(environment[name]))
        .map((name) => `${name} is set, and ${why}. Remove it from the job.`));
}
function isSet(value) {
    return value !== undefined && value !== "" && value.toLowerCase() !== "false";
}

;// CONCATENATED MODULE: ./lib/actions/azure-login/subscription-choice.js

async function chooseSubscription(inputs, identity, world) {
    const wanted = inputs.subscriptionId;
    if (wanted !== undefined) {
        const found = await world.findSubscription(wanted);
        if (found.kind === "found")
            return found.subscription;
        throw new user_error/* UserError */.y("subscription-not-found", [
            `The login is right, but the identity cannot see subscription ${wanted}: ${found.because}`,
            sayVisible(found.visible),
            `To do: check "subscription-id", or give the identity a role in it (Reader is the least):`,
            renderAssignment(inputs.clientId, identity, wanted),
        ].join("\n"));
    }
    const visible = await world.listSubscriptions();
    const [only, ...others] = visible;
    if (only !== undefined && others.length === 0)
        return only;
    if (inputs.allowNoSubscription)
        return undefined;
    if (only === undefined) {
        throw new user_error/* UserError */.y("no-subscriptions", [
            "The login is right, but the identity sees no subscription: it has no role in any.",
            "To do: give it a role (Reader is the least), or set allow-no-subscription: true",
            renderAssignment(inputs.clientId, identity, "SUBSCRIPTION-ID"),
        ].join("\n"));
    }
    throw new user_error/* UserError */.y("subscription-ambiguous", [`The identity sees ${visible.length} subscriptions, and none is named.`, sayVisible(visible)].join("\n") +
        '\nTo do: name one in "subscription-id", or set allow-no-subscription: true');
}
function sayVisible(visible) {
    const SHOWN = 5;
    if (visible.length === 0)
        return "It sees no subscription at all.";
    const names = visible.slice(0, SHOWN).map(({ id, name }) => `${name} (${id})`);
    const more = visible.length > SHOWN ? ` and ${visible.length - SHOWN} more` : "";
    return `It sees: ${names.join(", ")}${more}.`;
}
function renderAssignment(clientId, { objectId }, subscriptionId) {
    const who = objectId === undefined
        ? `--assignee ${clientId}`
        : `--assignee-object-id ${objectId} --assignee-principal-type ServicePrincipal`;
    return `az role assignment create ${who} --role Reader --scope /subscriptions/${subscriptionId}`;
}

;// CONCATENATED MODULE: ./lib/actions/azure-login/run.js








const run = async (inputs, world) => {
    for (const sentence of listLeftovers(world.environment, inputs.export))
        world.log.warning(sentence);
    if (inputs.subscriptionId !== undefined)
        checkSubscription(inputs.allowedSubscriptions, inputs.subscriptionId);
    const claims = readClaims(await world.idToken());
    logClaims(claims, world);
    const outputs = { subject: claims.subject };
    try {
        checkSubject(inputs.expectedSubject, claims);
        const signIn = await world.signIn();
        if (signIn.kind === "refused")
            return await reportRefusal(signIn, outputs, world);
        const subscription = await chooseSubscription(inputs, signIn.identity, world);
        checkSubscription(inputs.allowedSubscriptions, subscription?.id);
        logLogin(inputs, signIn, subscription, world);
        await feed(inputs, subscription, world);
        return { outputs: { ...outputs, ...renderOutputs(inputs, signIn, subscription) } };
    }
    catch (error) {
        if (error instanceof user_error/* UserError */.y)
            return { outputs, failure: error };
        throw error;
    }
};
function readClaims(idToken) {
    const claims = (0,oidc_claims/* parseIdToken */.U)(idToken);
    if (claims !== undefined)
        return claims;
    const { code, message } = (0,id_token_fault/* explainUnreadableIdToken */.z)("GitHub's token service");
    throw new user_error/* UserError */.y(code, message);
}
function logClaims(claims, world) {
    world.log.info(`Issuer        ${claims.issuer}`);
    world.log.info(`Subject       ${claims.subject}`);
    world.log.info(`Audience      ${claims.audience}`);
    const warning = warnOfEvent(claims);
    if (warning !== undefined)
        world.log.warning(warning);
}
async function reportRefusal({ refusal, error }, outputs, world) {
    for (const { title, lines } of listChapters(refusal)) {
        await world.log.group(title, async () => {
            for (const line of lines)
                world.log.info(line);
        });
    }
    await world.summarize(renderFailureSummary(refusal));
    const { traceId, correlationId } = refusal.answer;
    return { outputs: { ...outputs, "trace-id": traceId, "correlation-id": correlationId }, failure: error };
}
function logLogin(inputs, { identity, expiresOn, requestId }, subscription, world) {
    const { info } = world.log;
    info(`Cloud         ${world.cloud.name}`);
    info(`Tenant        ${identity.tenantId ?? inputs.tenantId}`);
    info(`Identity      ${identity.kind}, client id ${inputs.clientId}${identity.resourceId ? `, ${identity.resourceId}` : ""}`);
    info(`Subscription  ${subscription === undefined ? "none" : `${subscription.name} (${subscription.id})`}`);
    info(`Token         ends ${renderInstant(expiresOn)}, request ${requestId ?? "unknown"}`);
    if (subscription !== undefined && subscription.state !== "Enabled") {
        world.log.warning(`Subscription ${subscription.id} is ${subscription.state}: Azure may refuse to change anything in it.`);
    }
}
async function feed(inputs, subscription, world) {
    const identity = { tenantId: inputs.tenantId, clientId: inputs.clientId, subscriptionId: subscription?.id };
    const azFolder = inputs.export.includes("az") ? await loginAz(identity, world) : undefined;
    if (world.cancelled.aborted)
        throw new user_error/* UserError */.y("cancelled", "The job was cancelled; nothing was exported.");
    const { cloud, environment } = world;
    const variables = listExports({ ...identity, cloud, environment, consumers: inputs.export });
    for (const [name, value] of Object.entries(variables))
        world.exportVariable(name, value);
    if (azFolder !== undefined)
        world.exportVariable("AZURE_CONFIG_DIR", azFolder);
    world.log.info(`Exported      ${Object.keys(variables).join(", ")}${azFolder === undefined ? "" : ", AZURE_CONFIG_DIR"}`);
}
async function loginAz(identity, world) {
    const outcome = await world.loginAz({ ...identity, cloud: world.cloud });
    if (outcome === undefined) {
        throw new user_error/* UserError */.y("az-missing", '"export: az" asks for the az CLI to be logged in, and there is no az on PATH.\n' +
            'To do: install it in an earlier step, or take "az" out of "export"; nothing else here needs it.');
    }
    if (outcome.kind === "in")
        return outcome.configFolder;
    throw new user_error/* UserError */.y("az-login-failed", `${outcome.step} failed, while the same login without az went well:\n${outcome.said}`);
}
function renderOutputs(inputs, { identity, expiresOn }, subscription) {
    return {
        "tenant-id": identity.tenantId ?? inputs.tenantId,
        "subscription-id": subscription?.id ?? "",
        "subscription-name": subscription?.name ?? "",
        "identity-kind": identity.kind,
        "expires-on": renderInstant(expiresOn),
    };
}
function renderInstant(date) {
    return date.toISOString().replace(/\.\d+Z$/, "Z");
}


/***/ }),

/***/ 1288:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   I: () => (/* binding */ spec)
/* harmony export */ });
/* harmony import */ var _kit_define_action_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3472);
/* harmony import */ var _kit_input_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5708);
/* harmony import */ var _azure_inputs_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8884);



const CONSUMERS = ["terraform", "az"];
const NO_IDS = "ids are no secrets: give them as variables (vars.AZURE_CLIENT_ID), since runs of forks and of Dependabot get no secrets";
const spec = (0,_kit_define_action_js__WEBPACK_IMPORTED_MODULE_2__/* .defineAction */ .Q)({
    name: "Azure login",
    description: "Logs in to Azure with the job's GitHub ID token: no secret, no az CLI needed, and a failure that explains itself.",
    inputs: {
        "client-id": (0,_kit_input_js__WEBPACK_IMPORTED_MODULE_0__/* .text */ .Qq)({
            ..._azure_inputs_js__WEBPACK_IMPORTED_MODULE_1__/* .idForms */ .xr.guid,
            description: _azure_inputs_js__WEBPACK_IMPORTED_MODULE_1__/* .descriptions */ .eH["client-id"],
            required: true,
            whenMissing: NO_IDS,
        }),
        "tenant-id": (0,_kit_input_js__WEBPACK_IMPORTED_MODULE_0__/* .text */ .Qq)({
            ..._azure_inputs_js__WEBPACK_IMPORTED_MODULE_1__/* .idForms */ .xr.tenant,
            description: _azure_inputs_js__WEBPACK_IMPORTED_MODULE_1__/* .descriptions */ .eH["tenant-id"],
            required: true,
            whenMissing: NO_IDS,
        }),
        "subscription-id": (0,_kit_input_js__WEBPACK_IMPORTED_MODULE_0__/* .text */ .Qq)({ ..._azure_inputs_js__WEBPACK_IMPORTED_MODULE_1__/* .idForms */ .xr.guid, description: _azure_inputs_js__WEBPACK_IMPORTED_MODULE_1__/* .descriptions */ .eH["subscription-id"] }),
        cloud: (0,_azure_inputs_js__WEBPACK_IMPORTED_MODULE_1__/* .cloudChoice */ .hO)({ description: _azure_inputs_js__WEBPACK_IMPORTED_MODULE_1__/* .descriptions */ .eH.cloud, default: "public" }),
        "authority-host": (0,_kit_input_js__WEBPACK_IMPORTED_MODULE_0__/* .text */ .Qq)({ description: _azure_inputs_js__WEBPACK_IMPORTED_MODULE_1__/* .descriptions */ .eH["authority-host"] }),
        "resource-manager": (0,_kit_input_js__WEBPACK_IMPORTED_MODULE_0__/* .text */ .Qq)({ description: _azure_inputs_js__WEBPACK_IMPORTED_MODULE_1__/* .descriptions */ .eH["resource-manager"] }),
        audience: (0,_kit_input_js__WEBPACK_IMPORTED_MODULE_0__/* .text */ .Qq)({ description: _azure_inputs_js__WEBPACK_IMPORTED_MODULE_1__/* .descriptions */ .eH.audience }),
        "allow-no-subscription": (0,_kit_input_js__WEBPACK_IMPORTED_MODULE_0__/* .flag */ .Jt)({
            description: "Log in also when the identity sees no subscription, as one that only reads a tenant or a registry.",
            default: "false",
        }),
        export: consumers("Who is fed beside the Azure SDKs: `terraform` (its `ARM_*` variables), `az` (an az login in a folder of its own), " +
            "or `none`. On lines of their own or with commas between.", "terraform"),
        "expected-subject": (0,_kit_input_js__WEBPACK_IMPORTED_MODULE_0__/* .lines */ .Mn)({
            description: "Guard: fail unless the ID token's subject is exactly one of these, one on each line.",
        }),
        "allowed-subscriptions": (0,_kit_input_js__WEBPACK_IMPORTED_MODULE_0__/* .lines */ .Mn)({
            ..._azure_inputs_js__WEBPACK_IMPORTED_MODULE_1__/* .idForms */ .xr.guid,
            description: "Guard: fail unless the subscription is one of these, one id on each line.",
        }),
        "workflow-ref": (0,_kit_input_js__WEBPACK_IMPORTED_MODULE_0__/* .text */ .Qq)({
            description: "Filled in by GitHub, to tell a reusable workflow from its caller when a login fails; leave it alone.",
            default: "${{ job.workflow_ref }}",
        }),
    },
    outputs: {
        subject: "The subject of the ID token, as a federated credential must have it.",
        "tenant-id": "The tenant logged in to.",
        "subscription-id": "The subscription logged in to; empty without one.",
        "subscription-name": "The subscription's name.",
        "identity-kind": "`managed-identity`, `application` or `unknown`.",
        "expires-on": "When the access token ends (RFC 3339); what is exported is renewed and outlives it.",
        "trace-id": "On a refusal by Entra: the trace id that Microsoft's support asks for.",
        "correlation-id": "On a refusal by Entra: the correlation id.",
    },
    post: true,
});
function consumers(description, fallback) {
    const list = (0,_kit_input_js__WEBPACK_IMPORTED_MODULE_0__/* .lines */ .Mn)({ description, default: fallback });
    return {
        ...list,
        kind: `${CONSUMERS.join(", ")} or none`,
        read: (value) => {
            const words = list.read(value.replaceAll(",", "\n"));
            if (words.length === 1 && words[0] === "none")
                return [];
            const odd = words.find((word) => !isConsumer(word));
            if (odd !== undefined)
                throw new _kit_input_js__WEBPACK_IMPORTED_MODULE_0__/* .Expected */ .jJ(`terraform, az, or none alone, not "${odd}"`);
            return [...new Set(words.filter(isConsumer))];
        },
    };
}
function isConsumer(word) {
    return CONSUMERS.some((consumer) => consumer === word);
}


/***/ }),

/***/ 5046:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   t: () => (/* binding */ AZ_FOLDER)
/* harmony export */ });
const AZ_FOLDER = "az-folder";


/***/ }),

/***/ 6809:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   k: () => (/* binding */ explainIdTokenFault),
/* harmony export */   z: () => (/* binding */ explainUnreadableIdToken)
/* harmony export */ });
/* harmony import */ var _connection_fault_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3416);
/* harmony import */ var _refusal_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5973);


function explainIdTokenFault(error, host) {
    const text = error instanceof Error ? error.message : String(error);
    const status = Number(/Error Code : (\d{3})\b/.exec(text)?.[1] ?? Number.NaN);
    const words = (/Error Message: ([\s\S]*)$/.exec(text)?.[1] ?? text).trim();
    if (Number.isNaN(status))
        return explainSilence(error, text, words, host);
    const refused = { code: "id-token-refused", passing: (0,_refusal_js__WEBPACK_IMPORTED_MODULE_1__/* .isBusyStatus */ .Gz)(status) };
    const said = `GitHub's token service (${host}) answered HTTP ${status}: ${words}`;
    if (status === 407) {
        return { ...explainProxy(`the proxy asks for a name and password (HTTP 407)`, host), passing: false };
    }
    if (status === 401 || status === 403) {
        return {
            ...refused,
            message: `${said}\nTo do: the request token of a job ends about six hours after its start; split longer jobs.`,
        };
    }
    if (words.includes("'Completed' state")) {
        return { ...refused, message: `${said}\nTo do: do not log in from a process that outlives its job.` };
    }
    return { ...refused, message: `${said}\nTo do: run the job again; https://www.githubstatus.com shows outages.` };
}
function explainSilence(error, text, words, host) {
    if (text.includes("do not have ID Token field")) {
        return {
            code: "id-token-refused",
            passing: false,
            message: `GitHub's token service (${host}) gave an answer without a token (HTTP 404, or a proxy's page).\n` +
                "To do: let the proxy pass *.actions.githubusercontent.com unchanged, and run the job again.",
        };
    }
    const reason = (0,_connection_fault_js__WEBPACK_IMPORTED_MODULE_0__/* .describeConnectionFault */ .e)(error);
    return { ...explainProxy(reason === text ? words : reason, host), passing: (0,_connection_fault_js__WEBPACK_IMPORTED_MODULE_0__/* .isPassingFault */ .E)(error) };
}
function explainProxy(reason, host) {
    return {
        code: "id-token-unreachable",
        message: `The runner cannot reach GitHub's token service at ${host}: ${reason}.\n` +
            "To do: allow *.actions.githubusercontent.com in the proxy or firewall, or name it in NO_PROXY; " +
            "a proxy that inspects TLS needs its authority in NODE_EXTRA_CA_CERTS.",
    };
}
function explainUnreadableIdToken(host) {
    return {
        code: "id-token-unreadable",
        message: `What came from ${host} as an ID token is none (no JWT with iss, sub and aud).\n` +
            "To do: look for a proxy that rewrites answers, and for a workflow that sets ACTIONS_ID_TOKEN_REQUEST_URL.",
    };
}


/***/ })

};
