import type { Snapshot } from "../../../src/rollout/snapshot.ts";
import { waiting } from "../objects.ts";
import { ofContainer } from "./of-pod.ts";
import type { Scene } from "./scene.ts";

const ACR = "mayfly.azurecr.io";
const UNPACK = `failed to pull and unpack image "${ACR}/app:1": failed to resolve image: `;
const TOKEN = `https://${ACR}/oauth2/token?scope=repository%3Aapp%3Apull&service=${ACR}`;

function ofPull(image: string, text: string, reason = "ErrImagePull"): Snapshot {
  return ofContainer(2, { image, state: waiting(reason, text) });
}

export const pulls: readonly Scene[] = [
  {
    name: "a tag that is not there",
    code: "image-pull/not-found",
    state: "failed",
    says: `cannot pull ${ACR}/app:typo: there is no tag typo of app`,
    snapshot: ofPull(
      `${ACR}/app:typo`,
      `rpc error: code = NotFound desc = failed to pull and unpack image "${ACR}/app:typo": failed to resolve image: ${ACR}/app:typo: not found`,
    ),
  },
  {
    name: "a node without a credential",
    code: "image-pull/denied",
    state: "failed",
    says: "the node has no credential for the registry",
    snapshot: ofPull(
      `${ACR}/app:1`,
      `${UNPACK}failed to authorize: failed to fetch anonymous token: unexpected status from GET request to ${TOKEN}: 401 Unauthorized`,
    ),
  },
  {
    name: "a credential that is refused",
    code: "image-pull/denied",
    state: "failed",
    says: "the registry refuses the credential that the node has",
    snapshot: ofPull(
      `${ACR}/app:1`,
      `${UNPACK}failed to authorize: failed to fetch oauth token: unexpected status from GET request to ${TOKEN}: 401 Unauthorized`,
    ),
  },
  {
    name: "a token endpoint that forbids",
    code: "image-pull/denied",
    state: "failed",
    says: "the registry refuses the credential that the node has",
    snapshot: ofPull(
      `${ACR}/app:1`,
      `${UNPACK}failed to authorize: failed to fetch oauth token: unexpected status from POST request to https://${ACR}/oauth2/token: 403 Forbidden`,
    ),
  },
  {
    name: "a token without the right to this repository",
    code: "image-pull/denied",
    state: "failed",
    says: "the registry does not let the node read app",
    snapshot: ofPull(
      `${ACR}/app:1`,
      `${UNPACK}pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`,
    ),
  },
  {
    name: "a host that nobody knows, at the second try",
    code: "image-pull/unreachable",
    state: "failed",
    says: "the node does not know the name nope.azurecr.io",
    snapshot: ofPull(
      "nope.azurecr.io/app:1",
      `Back-off pulling image "nope.azurecr.io/app:1": ErrImagePull: failed to pull and unpack image "nope.azurecr.io/app:1": failed to resolve image: failed to do request: Head "https://nope.azurecr.io/v2/app/manifests/1": dial tcp: lookup nope.azurecr.io: no such host`,
      "ImagePullBackOff",
    ),
  },
  {
    name: "a connection that was cut once",
    code: "image-pull/unreachable",
    state: "progressing",
    says: `${ACR} gives the node no answer`,
    snapshot: ofPull(`${ACR}/app:1`, `${UNPACK}failed to do request: Head "https://${ACR}/v2/app/manifests/1": EOF`),
  },
  {
    name: "an image for another platform",
    code: "image-pull/platform",
    state: "failed",
    says: "there is none for the platform of the node",
    snapshot: ofPull(
      `${ACR}/app:1`,
      `failed to pull and unpack image "${ACR}/app:1": no match for platform in manifest: not found`,
    ),
  },
  {
    name: "Docker Hub's limit",
    code: "image-pull/rate-limit",
    state: "progressing",
    says: "docker.io limits how often it is pulled from",
    snapshot: ofPull(
      "nginx:1",
      "failed to pull and unpack image \"docker.io/library/nginx:1\": failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/nginx/manifests/sha256:0: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit as 'octocat': dckr_jti_AbC-dEf_1=. You may increase the limit by upgrading. https://www.docker.com/increase-rate-limit",
    ),
  },
  {
    name: "a name that is none",
    code: "image-pull/invalid-name",
    state: "failed",
    says: "its name is not one of an image",
    snapshot: ofPull(
      "Foo:1",
      'Failed to apply default image tag "Foo:1": couldn\'t parse image name "Foo:1": invalid reference format: repository name (library/Foo) must be lowercase',
      "InvalidImageName",
    ),
  },
  {
    name: "an image that must not be pulled",
    code: "image-pull/failed",
    state: "failed",
    says: "imagePullPolicy: Never",
    snapshot: ofPull(
      "lab.local/a:1",
      'Container image "lab.local/a:1" is not present with pull policy of Never',
      "ErrImageNeverPull",
    ),
  },
];
