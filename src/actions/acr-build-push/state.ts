/** The state that main leaves for post: the path of docker's configuration. Never a secret. */
export const DOCKER_FOLDER = "docker-folder";
