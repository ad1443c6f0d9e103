/** Every stable code with which the handling of images can fail. docs/troubleshooting.md has an entry for each. */
export type ImageCode = keyof typeof IMAGE_CODES;

/** One line for each code: its heading's meaning in docs/troubleshooting.md. */
export const IMAGE_CODES = {
  "image-name-invalid": "an image's name is none that a registry takes",
  "image-reference-invalid": "a reference to an image is no name with a tag or digest",
  "tag-invalid": "a tag is none that a registry takes",
  "tag-template-invalid": "a line of tags has a variable that does not exist, or braces that do not match",
  "no-tags": "none of the lines of tags fits what started the run",
  "build-value-invalid": "a value cannot be handed to the builder",
  "builder-cannot": "the builder cannot do what is asked of it",
  "dockerfile-invalid": "the Dockerfile is empty or begins no stage",
  "dockerfile-target-not-found": "the Dockerfile has no stage of the name in target",
  "dockerignore-invalid": "a line of .dockerignore is none that Docker takes",
  "build-failed": "a step of the build failed",
  "registry-busy": "the registry or the network failed in passing, also after several tries",
  "registry-login-expired": "the registry's token ended in the middle of the push",
  "registry-denied": "the identity may not do this in the registry",
  "registry-firewall": "the registry's firewall does not let this machine in",
  "registry-locked": "the registry does not allow this tag or image to change",
  "registry-full": "the registry has no room left",
  "disk-full": "the machine that builds has no room left",
  "push-refused": "the registry took what was pushed for invalid",
  "push-failed": "the push failed for a reason that nobody has explained yet",
  "purge-environment-invalid": "the environment to purge is no pull request's",
  "images-list-invalid": "the list of images has mistakes",
  "pushed-images-invalid": "what is said of images that were pushed cannot be read",
  "images-conflict": "two jobs say different things about the same image",
  "images-missing": "a job did not say what it pushed",
} as const;
