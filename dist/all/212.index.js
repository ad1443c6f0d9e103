export const id = 212;
export const ids = [212];
export const modules = {

/***/ 6034:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  N: () => (/* binding */ connect)
});

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./node_modules/@azure/arm-resources/dist/esm/index.js + 44 modules
var esm = __webpack_require__(336);
// EXTERNAL MODULE: ./node_modules/@azure/core-rest-pipeline/dist/esm/index.js + 43 modules
var dist_esm = __webpack_require__(9501);
// EXTERNAL MODULE: ./lib/azure/arm-policies.js
var arm_policies = __webpack_require__(4676);
;// CONCATENATED MODULE: ./lib/azure/governor.js
const RATES = {
    read: { burst: 250, perSecond: 25 },
    delete: { burst: 200, perSecond: 10 },
};
function createGovernor(time) {
    const buckets = new Map();
    const fill = (subscription, operation) => {
        const key = `${subscription.toLowerCase()} ${operation}`;
        const rate = RATES[operation];
        const now = time.monotonic();
        const bucket = buckets.get(key) ?? { tokens: rate.burst, filledAt: now, heldUntil: now };
        bucket.tokens = Math.min(rate.burst, bucket.tokens + ((now - bucket.filledAt) / 1000) * rate.perSecond);
        bucket.filledAt = now;
        buckets.set(key, bucket);
        return bucket;
    };
    return {
        reserve: async (subscription, operation) => {
            const bucket = fill(subscription, operation);
            bucket.tokens -= 1;
            const debtMs = bucket.tokens >= 0 ? 0 : (-bucket.tokens / RATES[operation].perSecond) * 1000;
            const readyAt = time.monotonic() + debtMs;
            for (;;) {
                const until = Math.max(readyAt, bucket.heldUntil);
                const wait = until - time.monotonic();
                if (wait <= 0)
                    return;
                await time.sleep(wait);
                if (time.monotonic() < until - 1)
                    return;
            }
        },
        observe: (subscription, operation, remaining) => {
            const bucket = fill(subscription, operation);
            bucket.tokens = Math.min(bucket.tokens, remaining);
        },
        hold: (subscription, operation, milliseconds) => {
            const bucket = fill(subscription, operation);
            bucket.heldUntil = Math.max(bucket.heldUntil, time.monotonic() + milliseconds);
        },
    };
}

;// CONCATENATED MODULE: ./lib/azure/arm.js




const LAST_ANSWER_MS = 4_000;
function connectArm(options) {
    const { cloud, time } = options;
    const governor = createGovernor(time);
    const httpClient = options.httpClient ?? (0,dist_esm.createDefaultHttpClient)();
    let skewMs;
    const policies = [
        (0,arm_policies/* governed */.pH)(governor, time),
        (0,arm_policies/* keepingAlive */.PV)(options.environment),
        (0,arm_policies/* watchingClock */.qJ)(time, (server, local) => {
            skewMs = server.getTime() + 500 - local.getTime();
        }),
    ];
    const build = (subscriptionId, extra) => new esm/* ResourceManagementClient */.h0(options.credential, subscriptionId, {
        endpoint: cloud.resourceManager,
        credentials: { scopes: [cloud.armScope] },
        retryOptions: { maxRetries: 0 },
        httpClient,
        additionalPolicies: [...extra, ...policies].map((policy) => ({ policy, position: "perCall" })),
    });
    const raw = build("", []).pipeline;
    const patient = delayed(options.cancelled, LAST_ANSWER_MS);
    return {
        client: (subscriptionId) => build(subscriptionId, [arm_policies/* refusing */.cK]),
        send: (method, pathOrUrl) => {
            const url = new URL(pathOrUrl, cloud.resourceManager);
            if (url.origin !== new URL(cloud.resourceManager).origin) {
                return Promise.reject(new Error(`${url.origin} is not ${cloud.resourceManager}`));
            }
            const abortSignal = method === "DELETE" ? patient : options.cancelled;
            return raw.sendRequest(httpClient, (0,dist_esm.createPipelineRequest)({ url: url.href, method, abortSignal }));
        },
        reserve: governor.reserve,
        skewMs: () => skewMs,
    };
}
function delayed(signal, milliseconds) {
    const controller = new AbortController();
    signal.addEventListener("abort", () => setTimeout(() => controller.abort(signal.reason), milliseconds).unref(), {
        once: true,
    });
    return controller.signal;
}

// EXTERNAL MODULE: ./lib/azure/arm-refusal.js
var arm_refusal = __webpack_require__(7068);
;// CONCATENATED MODULE: ./lib/azure/barriers.js


const LOCKS = "Microsoft.Authorization/locks?api-version=2020-05-01";
const DENY_ASSIGNMENTS = "Microsoft.Authorization/denyAssignments?api-version=2022-04-01";
function connectBarriers(arm) {
    return {
        listLocks: async (subscriptionId) => {
            try {
                return (await listAll(arm, subscriptionId, LOCKS)).map(toLock);
            }
            catch (error) {
                throw (0,arm_refusal/* explainRefusal */.G)(`Cannot read the locks of subscription ${subscriptionId}`, error);
            }
        },
        listDenyAssignments: async (subscriptionId) => {
            try {
                return (await listAll(arm, subscriptionId, DENY_ASSIGNMENTS)).map(toDenyAssignment);
            }
            catch (error) {
                if (error instanceof arm_refusal/* ArmRefusal */.p && error.status === 403)
                    return undefined;
                throw (0,arm_refusal/* explainRefusal */.G)(`Cannot read the deny assignments of subscription ${subscriptionId}`, error);
            }
        },
    };
}
async function listAll(arm, subscriptionId, what) {
    const found = [];
    let next = `/subscriptions/${encodeURIComponent(subscriptionId)}/providers/${what}`;
    while (next !== undefined) {
        const response = await arm.send("GET", next);
        if (response.status !== 200) {
            const path = `GET ${new URL(response.request.url).pathname}`;
            throw new arm_refusal/* ArmRefusal */.p(path, response.status, (0,arm_policies/* faultOf */.Kl)(response), (0,arm_policies/* requestIdOf */.Gb)(response));
        }
        const page = readPage(response.bodyAsText ?? "");
        found.push(...page.value);
        next = page.nextLink;
    }
    return found;
}
function readPage(text) {
    const body = JSON.parse(text);
    if (!Array.isArray(body.value))
        throw new Error(`expected a list from ARM, got ${text.slice(0, 100)}`);
    return { value: body.value, nextLink: typeof body.nextLink === "string" ? body.nextLink : undefined };
}
function toLock(document) {
    const id = String(document.id ?? "");
    return {
        id,
        name: String(document.name ?? ""),
        level: String(document.properties?.["level"] ?? "unknown"),
        scope: scopeOf(id, "/providers/microsoft.authorization/locks/"),
    };
}
function toDenyAssignment(document) {
    const id = String(document.id ?? "");
    const { denyAssignmentName, scope } = document.properties ?? {};
    return {
        id,
        name: String(denyAssignmentName ?? document.name ?? ""),
        scope: typeof scope === "string" ? scope : scopeOf(id, "/providers/microsoft.authorization/denyassignments/"),
    };
}
function scopeOf(id, marker) {
    const at = id.toLowerCase().lastIndexOf(marker);
    return at <= 0 ? "/" : id.slice(0, at);
}

// EXTERNAL MODULE: ./lib/azure/cloud.js
var azure_cloud = __webpack_require__(4826);
// EXTERNAL MODULE: ./lib/azure/credential.js
var azure_credential = __webpack_require__(7010);
// EXTERNAL MODULE: ./lib/azure/retry-after.js
var retry_after = __webpack_require__(6650);
;// CONCATENATED MODULE: ./lib/azure/resource-groups.js



const API_VERSION = "2025-04-01";
function connectResourceGroups(arm) {
    return {
        list: async function* (subscriptionId) {
            try {
                for await (const group of arm.client(subscriptionId).resourceGroups.list()) {
                    yield toFacts(group, subscriptionId);
                }
            }
            catch (error) {
                throw (0,arm_refusal/* explainRefusal */.G)(`Cannot list the resource groups of subscription ${subscriptionId}`, error);
            }
        },
        find: async (subscriptionId, name) => {
            try {
                return toFacts(await arm.client(subscriptionId).resourceGroups.get(name), subscriptionId);
            }
            catch (error) {
                if (error instanceof arm_refusal/* ArmRefusal */.p && error.status === 404 && error.fault.code === "ResourceGroupNotFound") {
                    return undefined;
                }
                throw (0,arm_refusal/* explainRefusal */.G)(`Cannot read resource group ${name}`, error);
            }
        },
        reserveDelete: (subscriptionId) => arm.reserve(subscriptionId, "delete"),
        delete: (subscriptionId, name, forceDeletionTypes) => sendDelete(arm, subscriptionId, name, forceDeletionTypes),
        findOperation: (url) => findOperation(arm, url),
    };
}
async function sendDelete(arm, subscriptionId, name, forceDeletionTypes) {
    const force = forceDeletionTypes.length === 0 ? "" : `&forceDeletionTypes=${encodeURIComponent(forceDeletionTypes.join(","))}`;
    const path = `/subscriptions/${encodeURIComponent(subscriptionId)}/resourcegroups/${encodeURIComponent(name)}`;
    try {
        const response = await arm.send("DELETE", `${path}?api-version=${API_VERSION}${force}`);
        const retryAfterMs = (0,retry_after/* readRetryAfter */.D)(response.headers, new Date());
        const { status } = response;
        if (status === 202 || status === 200) {
            return { kind: "accepted", operation: response.headers.get("location"), retryAfterMs };
        }
        const fault = (0,arm_policies/* faultOf */.Kl)(response);
        if (status === 204 || (status === 404 && fault.code === "ResourceGroupNotFound"))
            return { kind: "absent" };
        if (status === 429)
            return { kind: "throttled", retryAfterMs };
        if (status >= 500 || status === 408)
            return { kind: "unanswered", because: `ARM answered ${status} ${fault.code}` };
        return { kind: "refused", status, fault, requestId: (0,arm_policies/* requestIdOf */.Gb)(response) };
    }
    catch (error) {
        return { kind: "unanswered", because: error instanceof Error ? error.message : String(error) };
    }
}
async function findOperation(arm, url) {
    try {
        const response = await arm.send("GET", url);
        const { status } = response;
        if (status === 202)
            return { kind: "pending", retryAfterMs: (0,retry_after/* readRetryAfter */.D)(response.headers, new Date()) };
        if (status === 200 || status === 204)
            return { kind: "succeeded" };
        const fault = (0,arm_policies/* faultOf */.Kl)(response);
        const verdict = status === 409 || fault.code.startsWith("ResourceGroupDeletion");
        if (verdict)
            return { kind: "failed", fault, requestId: (0,arm_policies/* requestIdOf */.Gb)(response) };
        return { kind: "unknown", because: `ARM answered ${status} ${fault.code}` };
    }
    catch (error) {
        return { kind: "unknown", because: error instanceof Error ? error.message : String(error) };
    }
}
function toFacts(group, subscriptionId) {
    return {
        id: group.id ?? "",
        subscriptionId,
        name: group.name ?? "",
        location: group.location,
        tags: group.tags ?? {},
        managedBy: group.managedBy || undefined,
        provisioningState: group.properties?.provisioningState ?? "",
    };
}

// EXTERNAL MODULE: ./lib/kit/user-error.js
var user_error = __webpack_require__(878);
// EXTERNAL MODULE: ./lib/actions/ttl-reaper/journal.js
var ttl_reaper_journal = __webpack_require__(2387);
// EXTERNAL MODULE: ./lib/actions/ttl-reaper/journal-state.js
var journal_state = __webpack_require__(8395);
;// CONCATENATED MODULE: ./lib/actions/ttl-reaper/connect.js











function connect(runner, inputs) {
    const cloud = (0,azure_cloud/* chooseCloud */.R)(inputs);
    const { clientId, tenantId } = requireIdentity(inputs);
    const credential = (0,azure_credential/* connectCredential */.y)({ ...runner, cloud, clientId, tenantId, random: Math.random });
    const startedAt = runner.monotonic();
    const left = () => startedAt + inputs.deadline - runner.monotonic();
    const arm = connectArm({
        cloud,
        credential,
        time: { ...runner, left, random: Math.random },
        cancelled: runner.cancelled,
        environment: runner.environment,
    });
    const folder = (0,external_node_fs_.mkdtempSync)((0,external_node_path_.join)(runner.tempFolder, "mayfly-reaper-"));
    const journal = (0,external_node_path_.join)(folder, "journal.jsonl");
    runner.saveState(journal_state/* JOURNAL_STATE */.e, journal);
    return {
        groups: connectResourceGroups(arm),
        barriers: connectBarriers(arm),
        armSkewMs: arm.skewMs,
        now: runner.now,
        monotonic: runner.monotonic,
        sleep: runner.sleep,
        cancelled: runner.cancelled,
        log: runner.log,
        record: (event) => (0,external_node_fs_.appendFileSync)(journal, runner.redact((0,ttl_reaper_journal/* renderEvent */.N1)(event)), { mode: 0o600 }),
        summarize: runner.summarize,
        writeReport: async (json) => {
            const path = (0,external_node_path_.join)(folder, "report.json");
            await (0,promises_.writeFile)(path, runner.redact(json));
            return path;
        },
        markReported: () => runner.saveState(journal_state/* REPORTED_STATE */.C, "true"),
    };
}
function requireIdentity(inputs) {
    const { clientId, tenantId } = inputs;
    if (clientId !== undefined && tenantId !== undefined)
        return { clientId, tenantId };
    const missing = [
        ...(clientId === undefined
            ? ["client-id: expected a GUID, got nothing (neither as an input nor in AZURE_CLIENT_ID)"]
            : []),
        ...(tenantId === undefined
            ? ["tenant-id: expected a tenant, got nothing (neither as an input nor in AZURE_TENANT_ID)"]
            : []),
    ];
    throw new user_error/* UserError */.y("bad-input", `${missing.join("\n")}\nRun azure-login in an earlier step of this job: it exports both.`);
}


/***/ }),

/***/ 5212:
/***/ ((__webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.a(__webpack_module__, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
__webpack_require__.r(__webpack_exports__);
/* harmony import */ var _kit_start_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3712);
/* harmony import */ var _connect_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6034);
/* harmony import */ var _run_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(925);
/* harmony import */ var _spec_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(6341);




await (0,_kit_start_js__WEBPACK_IMPORTED_MODULE_0__/* .start */ .n)({ spec: _spec_js__WEBPACK_IMPORTED_MODULE_3__/* .spec */ .I, run: _run_js__WEBPACK_IMPORTED_MODULE_2__/* .run */ .e, connect: _connect_js__WEBPACK_IMPORTED_MODULE_1__/* .connect */ .N });

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ }),

/***/ 925:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  e: () => (/* binding */ run)
});

// EXTERNAL MODULE: ./lib/kit/duration.js
var duration = __webpack_require__(2746);
// EXTERNAL MODULE: ./lib/kit/user-error.js
var user_error = __webpack_require__(878);
// EXTERNAL MODULE: ./lib/ttl/expiry.js
var ttl_expiry = __webpack_require__(4285);
;// CONCATENATED MODULE: ./lib/actions/ttl-reaper/clock.js
const LARGEST_SKEW_MS = 60_000;
function doubtClock(world) {
    const skewMs = world.armSkewMs();
    if (skewMs === undefined)
        return "ARM's answers carry no date to compare the runner's clock with";
    if (Math.abs(skewMs) <= LARGEST_SKEW_MS)
        return undefined;
    const direction = skewMs > 0 ? "behind" : "ahead of";
    return `the runner's clock is ${Math.round(Math.abs(skewMs) / 1000)} s ${direction} ARM's`;
}
function earlierNow(world) {
    return new Date(world.now().getTime() + Math.min(0, world.armSkewMs() ?? 0));
}

// EXTERNAL MODULE: ./lib/actions/ttl-reaper/counts.js
var ttl_reaper_counts = __webpack_require__(8002);
// EXTERNAL MODULE: ./lib/actions/ttl-reaper/journal.js
var journal = __webpack_require__(2387);
// EXTERNAL MODULE: ./lib/actions/ttl-reaper/mend-lines.js + 1 modules
var mend_lines = __webpack_require__(7917);
// EXTERNAL MODULE: ./lib/actions/ttl-reaper/outcome.js
var ttl_reaper_outcome = __webpack_require__(2388);
// EXTERNAL MODULE: ./lib/kit/error-chain.js
var error_chain = __webpack_require__(4602);
;// CONCATENATED MODULE: ./lib/ttl/facts.js
function touches(groupId, scope) {
    const group = segments(groupId);
    const other = segments(scope);
    if (other[0] !== "subscriptions")
        return true;
    const shared = Math.min(group.length, other.length);
    return group.slice(0, shared).every((segment, index) => segment === other[index]);
}
function segments(id) {
    return id
        .toLowerCase()
        .split("/")
        .filter((segment) => segment !== "");
}

// EXTERNAL MODULE: ./lib/ttl/tags.js
var tags = __webpack_require__(5139);
;// CONCATENATED MODULE: ./lib/ttl/fate.js



function decideFate(group, barriers, policy, now) {
    const name = group.name.toLowerCase();
    if (policy.namePrefix !== undefined && !name.startsWith(policy.namePrefix)) {
        return { kind: "ignore", because: "out-of-scope" };
    }
    const mark = (0,tags/* findTag */.IU)(group.tags, tags/* MARK */.M$);
    if (mark.kind === "absent") {
        const meant = mark.nearMisses.find((other) => /^(true|yes|1)$/i.test(group.tags[other]?.trim() ?? ""));
        if (meant === undefined)
            return { kind: "ignore", because: "unmarked" };
        return odd(`the tag "${meant}" is not "${tags/* MARK */.M$}", so nothing will ever delete this group`, { [tags/* MARK */.M$]: "true" });
    }
    if (mark.kind === "twice")
        return odd(`the tag ${tags/* MARK */.M$} stands ${mark.names.length} times (${mark.names.join(", ")})`);
    const value = mark.value.trim().toLowerCase();
    if (value === "false")
        return { kind: "keep", reason: "opted-out", because: `${tags/* MARK */.M$} is false` };
    if (value !== "true")
        return odd(`${tags/* MARK */.M$} is "${mark.value}", only "true" counts`, { [tags/* MARK */.M$]: "true" });
    return decideMarked(group, barriers, policy, now);
}
function decideMarked(group, barriers, policy, now) {
    const tag = (0,tags/* findTag */.IU)(group.tags, tags/* EXPIRY */.Gp);
    if (tag.kind === "twice")
        return odd(`the tag ${tags/* EXPIRY */.Gp} stands ${tag.names.length} times (${tag.names.join(", ")})`);
    if (tag.kind === "absent") {
        const [meant] = tag.nearMisses;
        const because = meant === undefined ? `it has no ${tags/* EXPIRY */.Gp}` : `the tag "${meant}" is not "${tags/* EXPIRY */.Gp}"`;
        const meantDate = meant === undefined ? undefined : (0,ttl_expiry/* parseExpiry */.r)(group.tags[meant] ?? "");
        return odd(because, proposal(meantDate !== undefined && "at" in meantDate ? meantDate.at : undefined, now));
    }
    const expiry = (0,ttl_expiry/* parseExpiry */.r)(tag.value);
    if ("problem" in expiry) {
        return odd(`${tags/* EXPIRY */.Gp} is "${tag.value}": ${expiry.problem}`, proposal(undefined, now));
    }
    const expiresAt = expiry.at;
    if (expiresAt.getTime() > now.getTime() + policy.horizonMs) {
        return { ...odd(`${tags/* EXPIRY */.Gp} is too far away to be meant (${tag.value})`, proposal(undefined, now)), expiresAt };
    }
    if (now.getTime() < expiresAt.getTime() + policy.graceMs) {
        const because = now < expiresAt ? "its time has not come" : "it is within the grace period";
        return { kind: "keep", reason: "not-yet", because, expiresAt };
    }
    const obstacle = findObstacle(group, barriers, policy);
    if (obstacle !== undefined)
        return { kind: "keep", ...obstacle, expiresAt };
    if (group.provisioningState.toLowerCase() === "deleting")
        return { kind: "deleting", expiresAt };
    return { kind: "expired", expiresAt };
}
function findObstacle(group, barriers, policy) {
    const guard = policy.protectedNames.find((pattern) => matches(group.name, pattern));
    if (guard !== undefined)
        return { reason: "protected", because: `its name is protected by "${guard}"` };
    if (group.managedBy)
        return { reason: "managed", because: `it is managed by ${group.managedBy}` };
    const lock = barriers.locks.find((one) => touches(group.id, one.scope));
    if (lock !== undefined) {
        return { reason: "locked", because: `${lock.level} lock "${lock.name}" on ${lock.scope}` };
    }
    const denial = barriers.denyAssignments.find((one) => touches(group.id, one.scope));
    if (denial !== undefined) {
        return { reason: "denied", because: `deny assignment "${denial.name}" on ${denial.scope}` };
    }
    const state = group.provisioningState.toLowerCase();
    if (state === "succeeded" || state === "failed" || state === "deleting")
        return undefined;
    return { reason: "busy", because: `its provisioning state is "${group.provisioningState}"` };
}
function odd(because, mend) {
    return { kind: "keep", reason: "odd", because, ...(mend === undefined ? {} : { mend }) };
}
function proposal(meant, now) {
    const DAY_MS = 86_400_000;
    return { [tags/* EXPIRY */.Gp]: (0,ttl_expiry/* renderExpiry */._)(meant ?? new Date(now.getTime() + DAY_MS)) };
}
function matches(name, pattern) {
    const escaped = pattern
        .replace(/[.+^${}()|[\]\\]/g, "\\$&")
        .replaceAll("*", ".*")
        .replaceAll("?", ".");
    return new RegExp(`^${escaped}$`, "is").test(name);
}

;// CONCATENATED MODULE: ./lib/ttl/fuse.js
const PERCENTAGE_COUNTS_FROM = 10;
function decideFuse(expired, marked, limits) {
    if (expired > limits.maxDeletions) {
        const because = `${expired} groups have expired, and max-deletions is ${limits.maxDeletions}`;
        return { kind: "tripped", limit: "max-deletions", because };
    }
    const percentage = marked === 0 ? 0 : (expired * 100) / marked;
    if (expired >= PERCENTAGE_COUNTS_FROM && percentage > limits.maxPercentage) {
        const because = `${expired} of ${marked} marked groups have expired (${Math.floor(percentage)} %), and max-percentage is ${limits.maxPercentage}`;
        return { kind: "tripped", limit: "max-percentage", because };
    }
    return { kind: "holds" };
}

;// CONCATENATED MODULE: ./lib/actions/ttl-reaper/plan.js



async function makePlan(subscriptionIds, policy, limits, world) {
    const now = world.now();
    const entries = [];
    const subscriptions = [];
    for (const id of new Set(subscriptionIds.map((one) => one.toLowerCase()))) {
        if (world.cancelled.aborted)
            break;
        const found = await planSubscription(id, policy, now, world);
        subscriptions.push(found.subscription);
        if (found.subscription.unreadable === undefined)
            entries.push(...found.entries);
    }
    const expired = entries.filter((entry) => entry.fate.kind === "expired").length;
    const marked = entries.filter((entry) => !isOptedOut(entry)).length;
    return {
        now,
        dryRun: limits.dryRun,
        policy,
        subscriptions,
        entries,
        marked,
        fuse: decideFuse(expired, marked, limits),
    };
}
async function planSubscription(id, policy, now, world) {
    const counts = { groups: 0, outOfScope: 0 };
    const entries = [];
    let denyAssignments;
    try {
        const [locks, denials] = await Promise.all([world.barriers.listLocks(id), world.barriers.listDenyAssignments(id)]);
        denyAssignments = denials;
        const barriers = { locks, denyAssignments: denials ?? [] };
        for await (const group of world.groups.list(id)) {
            counts.groups += 1;
            const fate = decideFate(group, barriers, policy, now);
            if (fate.kind !== "ignore")
                entries.push(toEntry(group, fate));
            else if (fate.because === "out-of-scope")
                counts.outOfScope += 1;
        }
        return { subscription: { id, ...counts, denyAssignments }, entries };
    }
    catch (error) {
        const unreadable = { code: (0,error_chain/* codeOf */.$N)(error), because: (0,error_chain/* listClauses */.Dp)(error).join(": ") };
        return { subscription: { id, ...counts, denyAssignments, unreadable }, entries: [] };
    }
}
function toEntry(group, fate) {
    const entry = { id: group.id, subscriptionId: group.subscriptionId, name: group.name, fate };
    return fate.kind === "expired" || fate.kind === "deleting" ? { ...entry, seen: group } : entry;
}
function isOptedOut(entry) {
    const { fate } = entry;
    return (fate.kind === "keep" &&
        (fate.reason === "opted-out" || (fate.reason === "odd" && fate.mend?.["auto-destroy"] !== undefined)));
}

;// CONCATENATED MODULE: ./lib/kit/progress.js

const QUIET_MS = 30_000;
function startProgress(world) {
    const startedAt = world.now().getTime();
    let last = { state: "", at: Number.NEGATIVE_INFINITY };
    return {
        say: (state) => {
            const at = world.now().getTime();
            if (state === last.state && at - last.at < QUIET_MS)
                return;
            last = { state, at };
            world.info(`[${(0,duration/* renderDuration */.P)(at - startedAt)}] ${state}`);
        },
    };
}

;// CONCATENATED MODULE: ./lib/actions/ttl-reaper/fresh-locks.js
async function dated(answer, world) {
    const value = await answer;
    return { value, answeredAt: world.monotonic() };
}
const SHARED_FOR_MS = 250;
function shareLocks(world) {
    const reads = new Map();
    return (subscriptionId) => {
        const running = reads.get(subscriptionId);
        if (running !== undefined && world.monotonic() - running.startedAt <= SHARED_FOR_MS)
            return running.locks;
        const locks = dated(world.barriers.listLocks(subscriptionId), world);
        reads.set(subscriptionId, { startedAt: world.monotonic(), locks });
        return locks;
    };
}

// EXTERNAL MODULE: ./lib/ttl/blockers.js
var blockers = __webpack_require__(6249);
;// CONCATENATED MODULE: ./lib/ttl/changes.js
function listChanges(planned, live) {
    const changes = [];
    if (planned.id.toLowerCase() !== live.id.toLowerCase())
        changes.push(`its id is now ${live.id}`);
    if (planned.location !== live.location)
        changes.push(`it moved from ${planned.location} to ${live.location}`);
    if ((planned.managedBy ?? "") !== (live.managedBy ?? ""))
        changes.push("who manages it changed");
    if (planned.provisioningState !== live.provisioningState) {
        changes.push(`its state went from ${planned.provisioningState} to ${live.provisioningState}`);
    }
    const before = foldNames(planned.tags);
    const after = foldNames(live.tags);
    for (const name of new Set([...before.keys(), ...after.keys()])) {
        const [was, is] = [before.get(name), after.get(name)];
        if (was === is)
            continue;
        if (is === undefined)
            changes.push(`the tag ${name} was removed`);
        else if (was === undefined)
            changes.push(`the tag ${name} was added`);
        else
            changes.push(`the tag ${name} went from "${was}" to "${is}"`);
    }
    return changes;
}
function foldNames(tags) {
    const folded = new Map();
    for (const [name, value] of Object.entries(tags)) {
        const key = name.toLowerCase();
        folded.set(folded.has(key) ? name : key, value);
    }
    return folded;
}

;// CONCATENATED MODULE: ./lib/actions/ttl-reaper/reap-group.js






const LONGEST_WINDOW_MS = 1_000;
const LONGEST_LOOK_MS = 10_000;
const TRIES = 5;
const THROTTLED_MS = 5_000;
async function reapGroup(turn, world) {
    try {
        return await tryToReap(turn, world);
    }
    catch (error) {
        return { kind: "failed", because: (0,error_chain/* listClauses */.Dp)(error).join(": ") };
    }
}
async function tryToReap(turn, world) {
    const { planned } = turn;
    const { subscriptionId, name } = planned;
    let because = "";
    for (let tried = 0; tried < TRIES; tried += 1) {
        await world.groups.reserveDelete(subscriptionId);
        const lookedAt = world.monotonic();
        const stop = turn.stopped();
        if (stop !== undefined)
            return { kind: "not-started", because: stop };
        const [group, locks] = await Promise.all([
            dated(world.groups.find(subscriptionId, name), world),
            turn.freshLocks(subscriptionId),
        ]);
        const objection = object(turn, group.value, locks.value, world);
        if (objection !== undefined)
            return objection;
        const stopNow = turn.stopped();
        if (stopNow !== undefined)
            return { kind: "not-started", because: stopNow };
        const windowMs = world.monotonic() - Math.min(group.answeredAt, locks.answeredAt);
        const lookMs = world.monotonic() - lookedAt;
        if (windowMs > LONGEST_WINDOW_MS || lookMs > LONGEST_LOOK_MS) {
            because = `the look before the delete was ${Math.round(Math.max(windowMs, lookMs))} ms old`;
            continue;
        }
        turn.record({ kind: "asked" });
        const answer = await world.groups.delete(subscriptionId, name, turn.forceDeletionTypes);
        switch (answer.kind) {
            case "accepted":
                return { kind: "accepted", operation: answer.operation, windowMs: Math.round(windowMs) };
            case "absent":
                return { kind: "vanished" };
            case "refused":
                return { kind: "blocked", blockers: (0,blockers/* listBlockers */.g)(answer.fault) };
            case "throttled":
                because = "ARM throttled the delete";
                await world.sleep(answer.retryAfterMs ?? THROTTLED_MS);
                break;
            case "unanswered":
                if (world.cancelled.aborted)
                    return { kind: "asked" };
                because = answer.because;
                break;
        }
    }
    return { kind: "failed", because: `${because} (tried ${TRIES} times)` };
}
function object(turn, live, locks, world) {
    if (live === undefined)
        return { kind: "vanished" };
    const barriers = { locks, denyAssignments: turn.denyAssignments };
    const fate = decideFate(live, barriers, turn.policy, earlierNow(world));
    if (fate.kind === "deleting")
        return { kind: "accepted" };
    if (fate.kind === "keep")
        return { kind: "changed", because: fate.because };
    if (fate.kind === "ignore")
        return { kind: "changed", because: "it is not marked for deletion any more" };
    const changes = listChanges(turn.planned, live);
    if (changes.length > 0)
        return { kind: "changed", because: changes.join("; ") };
    const doubt = doubtClock(world);
    return doubt === undefined ? undefined : { kind: "not-started", because: doubt };
}

;// CONCATENATED MODULE: ./lib/actions/ttl-reaper/watch.js

const LOOK_EVERY_MS = 15_000;
const FIRST_LOOK_MS = 3_000;
function startWatch(world, options) {
    const inFlight = new Map();
    let complete = false;
    let wake = () => undefined;
    const lookAround = async () => {
        const subscriptions = new Set([...inFlight.values()].map((one) => one.group.subscriptionId));
        for (const id of subscriptions)
            await lookAt(id, inFlight, world, options);
    };
    const loop = async () => {
        let pauseMs = FIRST_LOOK_MS;
        while (!(complete && inFlight.size === 0)) {
            if (inFlight.size === 0) {
                await new Promise((resolve) => {
                    wake = resolve;
                });
                continue;
            }
            await world.sleep(pauseMs);
            const stop = options.stopped();
            if (stop !== undefined)
                break;
            await lookAround();
            options.say(`${inFlight.size} group${inFlight.size === 1 ? " is" : "s are"} being deleted`);
            pauseMs = Math.min(pauseMs * 2, LOOK_EVERY_MS);
        }
        const because = options.stopped() ?? "the run ended";
        for (const { group } of inFlight.values())
            options.settle(group, { kind: "still-deleting", because });
    };
    const running = loop();
    return {
        follow: (delete_) => {
            inFlight.set(delete_.group.id.toLowerCase(), delete_);
            wake();
        },
        finish: () => {
            complete = true;
            wake();
            return running;
        },
    };
}
async function lookAt(id, inFlight, world, options) {
    const mine = [...inFlight].filter(([, one]) => one.group.subscriptionId === id);
    const states = new Map();
    try {
        for await (const group of world.groups.list(id)) {
            if (inFlight.has(group.id.toLowerCase()))
                states.set(group.id.toLowerCase(), group.provisioningState);
        }
    }
    catch {
        return;
    }
    await Promise.all(mine.map(async ([key, one]) => {
        if (states.get(key)?.toLowerCase() === "deleting")
            return;
        const outcome = await settleOne(one, world);
        if (outcome === undefined)
            return;
        inFlight.delete(key);
        options.settle(one.group, outcome);
    }));
}
async function settleOne({ group, operation }, world) {
    const look = () => world.groups.find(group.subscriptionId, group.name);
    try {
        const live = await look();
        if (live === undefined)
            return { kind: "gone" };
        if (live.provisioningState.toLowerCase() === "deleting")
            return undefined;
        if (operation === undefined)
            return { kind: "rolled-back", blockers: [] };
        const answer = await world.groups.findOperation(operation);
        if (answer.kind === "failed")
            return { kind: "rolled-back", blockers: (0,blockers/* listBlockers */.g)(answer.fault) };
        if (answer.kind !== "succeeded")
            return undefined;
        const again = await look();
        if (again === undefined)
            return { kind: "gone" };
        return again.provisioningState.toLowerCase() === "deleting" ? undefined : { kind: "came-back" };
    }
    catch {
        return undefined;
    }
}

;// CONCATENATED MODULE: ./lib/actions/ttl-reaper/reap.js






const LAST_START_SHARE = 0.1;
async function reap(plan, options, world) {
    const outcomes = new Map();
    const progress = startProgress({ now: () => world.now(), info: (line) => world.log.info(line) });
    const record = (group, outcome) => {
        outcomes.set(group.id.toLowerCase(), outcome);
        world.record({ type: "outcome", id: group.id, at: world.now(), outcome });
        if (outcome.kind !== "asked")
            progress.say(`${group.name}: ${(0,ttl_reaper_outcome/* describeOutcome */.S)(outcome)}`);
    };
    const stoppedAt = (time) => () => {
        if (world.cancelled.aborted)
            return "the job was cancelled";
        return world.monotonic() < time ? undefined : `the deadline of ${(0,duration/* renderDuration */.P)(options.deadlineMs)} was reached`;
    };
    const startsUntil = options.deadlineAt - options.deadlineMs * LAST_START_SHARE;
    const watch = startWatch(world, { stopped: stoppedAt(options.deadlineAt), settle: record, say: progress.say });
    const freshLocks = shareLocks(world);
    const denied = new Map(plan.subscriptions.map((one) => [one.id.toLowerCase(), one.denyAssignments ?? []]));
    const takeTurn = async (planned) => {
        const outcome = await reapGroup({
            planned,
            policy: plan.policy,
            denyAssignments: denied.get(planned.subscriptionId.toLowerCase()) ?? [],
            forceDeletionTypes: options.forceDeletionTypes,
            stopped: stoppedAt(options.wait === "verify" ? startsUntil : options.deadlineAt),
            freshLocks,
            record: (asked) => record(planned, asked),
        }, world);
        record(planned, outcome);
        if (outcome.kind === "accepted" && options.wait === "verify") {
            watch.follow({ group: planned, operation: outcome.operation });
        }
    };
    for (const { fate, seen } of plan.entries) {
        if (fate.kind === "deleting" && seen !== undefined && options.wait === "verify") {
            record(seen, { kind: "accepted" });
            watch.follow({ group: seen, operation: undefined });
        }
    }
    await eachSideBySide(listTurns(plan), options.concurrency, takeTurn);
    await watch.finish();
    await findReturned(outcomes, plan, world, record);
    return outcomes;
}
function listTurns(plan) {
    return plan.entries
        .flatMap(({ fate, seen }) => (fate.kind === "expired" && seen !== undefined ? [{ at: fate.expiresAt, seen }] : []))
        .sort((a, b) => a.at.getTime() - b.at.getTime())
        .map(({ seen }) => seen);
}
async function eachSideBySide(items, width, work) {
    const queue = items.values();
    const worker = async () => {
        for (const item of queue)
            await work(item);
    };
    await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
}
async function findReturned(outcomes, plan, world, record) {
    const isGone = (group) => outcomes.get(group.id.toLowerCase())?.kind === "gone";
    const gone = plan.entries.flatMap(({ seen }) => (seen !== undefined && isGone(seen) ? [seen] : []));
    for (const id of new Set(gone.map((group) => group.subscriptionId))) {
        if (world.cancelled.aborted)
            return;
        try {
            for await (const group of world.groups.list(id)) {
                if (isGone(group) && (await world.groups.find(id, group.name)) !== undefined)
                    record(group, { kind: "came-back" });
            }
        }
        catch {
            world.log.info(`The last look at subscription ${id} failed; each group had answered 404 before.`);
        }
    }
}
function listFailures(outcomes) {
    return [...outcomes].filter(([, outcome]) => (0,ttl_reaper_outcome/* isFailure */.N)(outcome));
}

// EXTERNAL MODULE: ./lib/actions/ttl-reaper/render-summary.js + 2 modules
var render_summary = __webpack_require__(1724);
// EXTERNAL MODULE: ./lib/actions/ttl-reaper/report.js
var report = __webpack_require__(1852);
;// CONCATENATED MODULE: ./lib/actions/ttl-reaper/run.js












const run = async (inputs, world) => {
    const startedAt = world.monotonic();
    const policy = readPolicy(inputs);
    const events = [];
    const record = (event) => {
        events.push(event);
        world.record(event);
    };
    const plan = await makePlan(inputs.subscriptionIds, policy, inputs, world);
    record({ type: "plan", plan });
    await printPlan(plan, world);
    const stop = findStop(plan, world);
    let outcomes = new Map();
    if (stop === undefined && !plan.dryRun) {
        const deadline = { deadlineAt: startedAt + inputs.deadline, deadlineMs: inputs.deadline };
        outcomes = await reap(plan, { ...inputs, ...deadline }, { ...world, record });
    }
    const failure = stop ?? findFailure(plan, outcomes);
    record({ type: "end", at: world.now(), because: explainEnd(failure, world, inputs) });
    return { outputs: await run_report((0,journal/* foldJournal */.n$)(events), world), failure: plan.dryRun ? findUnreadable(plan) : failure };
};
function readPolicy(inputs) {
    const { namePrefix, allNames } = inputs;
    if ((namePrefix === undefined) !== allNames) {
        const what = allNames ? "both were given" : "neither was given";
        throw new user_error/* UserError */.y("bad-input", `name-prefix, all-names: expected one of them, ${what}. Say which groups may be deleted: name-prefix: pr- or all-names: true`);
    }
    return {
        namePrefix: namePrefix?.toLowerCase(),
        protectedNames: inputs.protectedNames,
        graceMs: inputs.grace,
        horizonMs: inputs.horizon,
    };
}
function findStop(plan, world) {
    const unread = findUnreadable(plan);
    const seen = plan.subscriptions.some((one) => one.unreadable === undefined);
    if (!seen && unread !== undefined)
        return unread;
    const doubt = doubtClock(world);
    if (doubt !== undefined && plan.subscriptions.length > 0) {
        return new user_error/* UserError */.y("clock-skew", `Nothing was deleted: ${doubt}. Mend the clock of the runner (NTP) and run again.`);
    }
    if (plan.fuse.kind === "holds")
        return undefined;
    return new user_error/* UserError */.y("fuse-tripped", `Nothing was deleted: ${plan.fuse.because}. When that is right, run it once with a higher ${plan.fuse.limit}.`);
}
function findUnreadable(plan) {
    const unread = plan.subscriptions.flatMap(({ unreadable }) => (unreadable === undefined ? [] : [unreadable]));
    const [first] = unread;
    if (first === undefined)
        return undefined;
    return new user_error/* UserError */.y(first.code, unread.map(({ because }) => because).join("\n"));
}
function findFailure(plan, outcomes) {
    const failures = listFailures(outcomes);
    if (failures.length === 0)
        return findUnreadable(plan);
    const lines = failures.map(([id, outcome]) => `${id.split("/").at(-1)}: ${(0,ttl_reaper_outcome/* describeOutcome */.S)(outcome)}`);
    return new user_error/* UserError */.y("delete-failed", `${failures.length} of ${outcomes.size} groups could not be deleted.\n${lines.join("\n")}`);
}
function explainEnd(failure, world, inputs) {
    if (world.cancelled.aborted)
        return "The job was cancelled: no new delete was begun after that. ARM finishes what it accepted.";
    if (failure?.code === "clock-skew" || failure?.code.startsWith("arm-"))
        return failure.message;
    return inputs.wait === "accept" && !inputs.dryRun ? "Nobody waited for the deletes to end (wait: accept)." : "";
}
async function printPlan(plan, world) {
    const { log } = world;
    const groups = plan.subscriptions.reduce((sum, one) => sum + one.groups, 0);
    await log.group(`Plan: ${groups} groups seen, ${plan.marked} marked, ${(0,ttl_reaper_counts/* countStory */.D)((0,journal/* foldJournal */.n$)([{ type: "plan", plan }])).expired} expired`, async () => {
        for (const { name, fate } of plan.entries) {
            const when = fate.expiresAt === undefined ? "" : ` (${(0,ttl_expiry/* renderExpiry */._)(fate.expiresAt)})`;
            log.info(`${fate.kind === "keep" ? fate.reason : fate.kind}: ${name}${when}${fate.kind === "keep" ? `: ${fate.because}` : ""}`);
        }
    });
    for (const entry of plan.entries) {
        if (entry.fate.kind !== "keep" || entry.fate.reason !== "odd")
            continue;
        log.warning(`${entry.name}: ${entry.fate.because}.\nMend it: ${(0,mend_lines/* renderTagLine */.T)(entry, plan.now)}`, {
            title: "Odd tags",
        });
    }
    for (const { id, groups: count, unreadable } of plan.subscriptions) {
        if (count > 0 || unreadable !== undefined)
            continue;
        log.warning(`Subscription ${id} shows no resource group at all. Has the identity a role in it?`, {
            title: "Empty subscription",
        });
    }
    if (plan.dryRun && plan.fuse.kind === "tripped") {
        log.warning(`The fuse would trip: ${plan.fuse.because}.`, { title: "Fuse" });
    }
}
async function run_report(story, world) {
    const counts = (0,ttl_reaper_counts/* countStory */.D)(story);
    const path = await world.writeReport((0,report/* renderReport */.B)(story));
    await world.summarize((0,render_summary/* renderSummary */.B)(story));
    world.markReported();
    world.log.info(`${counts.expired} expired, ${counts.deleted} deleted, ${counts.stillDeleting} still deleting, ${counts.skipped} left alone` +
        (counts.nextExpiry === undefined
            ? ""
            : `; the next one expires in ${(0,duration/* renderDuration */.P)(counts.nextExpiry.getTime() - world.now().getTime())}`));
    return {
        marked: story.plan?.marked ?? 0,
        expired: counts.expired,
        deleted: counts.deleted,
        accepted: counts.accepted,
        "still-deleting": counts.stillDeleting,
        blocked: counts.blocked,
        "came-back": counts.cameBack,
        failed: counts.failed,
        skipped: counts.skipped,
        kept: counts.kept,
        odd: counts.odd,
        fuse: story.plan?.fuse.kind ?? "holds",
        "next-expiry": counts.nextExpiry === undefined ? "" : (0,ttl_expiry/* renderExpiry */._)(counts.nextExpiry),
        report: path,
    };
}


/***/ }),

/***/ 6341:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   I: () => (/* binding */ spec)
/* harmony export */ });
/* harmony import */ var _kit_define_action_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3472);
/* harmony import */ var _kit_input_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5708);
/* harmony import */ var _azure_inputs_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8884);



const { "subscription-id": _, ...identityInputs } = _azure_inputs_js__WEBPACK_IMPORTED_MODULE_1__/* .azureInputs */ .Ro;
const SYSTEM_NAMES = [
    "MC_*",
    "NetworkWatcherRG",
    "*managed*",
    "DefaultResourceGroup-*",
    "cloud-shell-storage-*",
    "databricks-rg-*",
    "AzureBackupRG_*",
].join("\n");
const spec = (0,_kit_define_action_js__WEBPACK_IMPORTED_MODULE_2__/* .defineAction */ .Q)({
    name: "Mayfly TTL reaper",
    description: "Deletes resource groups tagged auto-destroy=true whose expires-at has passed, and proves that they are gone.",
    post: true,
    inputs: {
        ...identityInputs,
        "subscription-ids": (0,_kit_input_js__WEBPACK_IMPORTED_MODULE_0__/* .lines */ .Mn)({
            ..._azure_inputs_js__WEBPACK_IMPORTED_MODULE_1__/* .idForms */ .xr.guid,
            description: "Subscriptions to sweep, one per line.",
            required: true,
            env: "AZURE_SUBSCRIPTION_ID",
        }),
        "name-prefix": (0,_kit_input_js__WEBPACK_IMPORTED_MODULE_0__/* .text */ .Qq)({
            description: "Only groups whose name begins with this (case does not count). Give this or `all-names`.",
            pattern: /^[-\w.()]{1,90}$/,
            expected: "the beginning of a resource group name",
        }),
        "all-names": (0,_kit_input_js__WEBPACK_IMPORTED_MODULE_0__/* .flag */ .Jt)({ description: "Groups of any name, as far as their tags say so.", default: "false" }),
        "dry-run": (0,_kit_input_js__WEBPACK_IMPORTED_MODULE_0__/* .flag */ .Jt)({ description: "Only say what would be deleted, and why.", default: "true" }),
        grace: (0,_kit_input_js__WEBPACK_IMPORTED_MODULE_0__/* .duration */ .p0)({
            description: "How long after `expires-at` a group is still left alone.",
            default: "0s",
            max: "30d",
        }),
        horizon: (0,_kit_input_js__WEBPACK_IMPORTED_MODULE_0__/* .duration */ .p0)({
            description: "An expiry further away than this is reported as a typing mistake.",
            default: "366d",
            min: "1d",
        }),
        "max-deletions": (0,_kit_input_js__WEBPACK_IMPORTED_MODULE_0__/* .quantity */ .au)({
            description: "The fuse: with more expired groups than this, nothing is deleted.",
            unit: "groups",
            min: 0,
            max: 10_000,
            default: "20",
        }),
        "max-percentage": (0,_kit_input_js__WEBPACK_IMPORTED_MODULE_0__/* .quantity */ .au)({
            description: "The fuse: with more than this share of the marked groups expired, nothing is deleted. Counts from 10 expired groups on.",
            unit: "percent",
            min: 0,
            max: 100,
            default: "50",
        }),
        "protected-names": (0,_kit_input_js__WEBPACK_IMPORTED_MODULE_0__/* .lines */ .Mn)({
            description: "Names that are never deleted, whatever their tags; `*` and `?` are wildcards. Replaces the default list.",
            default: SYSTEM_NAMES,
        }),
        "force-deletion-types": (0,_kit_input_js__WEBPACK_IMPORTED_MODULE_0__/* .lines */ .Mn)({
            description: "Types that ARM may delete by force: `Microsoft.Compute/virtualMachines`, `Microsoft.Compute/virtualMachineScaleSets`.",
            pattern: /^Microsoft\.Compute\/virtualMachine(s|ScaleSets)$/,
            expected: "Microsoft.Compute/virtualMachines or Microsoft.Compute/virtualMachineScaleSets",
        }),
        wait: (0,_kit_input_js__WEBPACK_IMPORTED_MODULE_0__/* .choice */ .Yq)("verify", "accept")({
            description: "`verify` follows each delete until the group is proven gone; `accept` ends when ARM has accepted it.",
            default: "verify",
        }),
        deadline: (0,_kit_input_js__WEBPACK_IMPORTED_MODULE_0__/* .duration */ .p0)({
            description: "When the run has to be over. What is left then is left for the next run.",
            default: "50m",
            min: "1m",
            max: "5d",
        }),
        concurrency: (0,_kit_input_js__WEBPACK_IMPORTED_MODULE_0__/* .quantity */ .au)({
            description: "How many groups are checked and deleted side by side.",
            unit: "groups",
            min: 1,
            max: 50,
            default: "12",
        }),
    },
    outputs: {
        marked: "Groups in scope that carry auto-destroy=true.",
        expired: "Groups whose time had passed and that nothing protected.",
        deleted: "Groups that are gone, proven by ARM's 404.",
        accepted: "Groups whose delete ARM accepted, with `wait: accept`.",
        "still-deleting": "Groups that ARM was still deleting at the end; the next run looks at them again.",
        blocked: "Groups that ARM refused to delete, or began to and rolled back.",
        "came-back": "Groups that were gone and stood there again.",
        failed: "Groups whose delete failed in another way.",
        skipped: "Groups that changed between the plan and their turn, or whose turn did not come.",
        kept: "Marked groups that stay: not yet expired, locked, protected, managed, opted out.",
        odd: "Groups with tags that nobody can obey; each is reported with the command that mends it.",
        fuse: "`holds` or `tripped`.",
        "next-expiry": "When the next group expires (RFC 3339), or empty.",
        report: "Path of the JSON report.",
    },
});


/***/ })

};
