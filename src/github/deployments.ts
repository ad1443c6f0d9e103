import { cutLine } from "./cut-text.ts";
import { makeOnce } from "./make-once.ts";
import type { Deployment, DeploymentStatus, Deployments } from "./preview-api.ts";
import { explainRefusal, GitHubRefusal, strangeAnswer } from "./refusal.ts";
import type { Session } from "./session.ts";
import { splitRepository } from "./split-repository.ts";

const LONGEST_DESCRIPTION = 140;
const PERMISSION = "deployments: write";

/** Deployments, as GitHub shows them on the pull request and on the page of the environment. */
export function connectDeployments(session: Session): Deployments {
  const { octokit } = session;
  const list = async (repository: string, filter: { environment: string; task: string; sha?: string }) => {
    const { paginate, rest } = await octokit();
    const options = { ...splitRepository(repository), ...filter, per_page: 100 };
    const found = (await paginate(rest.repos.listDeployments, options)).map(readDeployment);
    return found.toSorted((a, b) => b.id - a.id);
  };
  const listStatuses = async (repository: string, id: number) => {
    const { rest } = await octokit();
    const options = { ...splitRepository(repository), deployment_id: id, per_page: 100 };
    const { data } = await rest.repos.listDeploymentStatuses(options);
    if (!Array.isArray(data)) throw strangeAnswer();
    return data;
  };
  const setStatus = async (repository: string, id: number, status: DeploymentStatus) => {
    const { environmentUrl, logUrl, state } = status;
    const description = cutLine(status.description, LONGEST_DESCRIPTION);
    const post = async () => {
      const { rest } = await octokit();
      const { data } = await rest.repos.createDeploymentStatus({
        ...splitRepository(repository),
        deployment_id: id,
        state,
        description,
        auto_inactive: false,
        ...(environmentUrl === undefined ? {} : { environment_url: environmentUrl }),
        ...(logUrl === undefined ? {} : { log_url: logUrl }),
      });
      if (data.state !== state) throw strangeAnswer();
      return true;
    };
    // The newest comes first.
    const stands = async () => {
      const [newest] = await listStatuses(repository, id);
      return (newest?.state === state && newest.description === description) || undefined;
    };
    await makeOnce(session, post, stands);
  };
  return {
    list: async (repository, environment, task) => {
      try {
        return await list(repository, { environment, task });
      } catch (error) {
        throw explainRefusal({ clause: `Cannot list the deployments of ${repository}`, permission: PERMISSION }, error);
      }
    },
    create: async (repository, { sha, environment, task, payload }) => {
      const clause = `Cannot make a deployment of ${sha} in ${repository}`;
      const create = async () => {
        const { rest } = await octokit();
        const { data } = await rest.repos.createDeployment({
          ...splitRepository(repository),
          ref: sha,
          environment,
          task,
          payload: { ...payload },
          // Our own jobs are among the checks of the commit, and not over.
          required_contexts: [],
          auto_merge: false,
          transient_environment: true,
        });
        return readDeployment(data);
      };
      // One that nobody has said anything of is as good as ours.
      const stands = async () => {
        const [newest] = await list(repository, { environment, task, sha });
        return newest !== undefined && (await listStatuses(repository, newest.id)).length === 0 ? newest : undefined;
      };
      try {
        return await makeOnce(session, create, stands);
      } catch (error) {
        throw explainRefusal({ clause, permission: PERMISSION }, error);
      }
    },
    setStatus: async (repository, id, status) => {
      const clause = `Cannot set the status of deployment ${id} of ${repository}`;
      try {
        await setStatus(repository, id, status);
      } catch (error) {
        throw explainRefusal({ clause, permission: PERMISSION }, error);
      }
    },
    delete: async (repository, id) => {
      const clause = `Cannot delete deployment ${id} of ${repository}`;
      try {
        await setStatus(repository, id, { state: "inactive", description: "" });
        const { rest } = await octokit();
        const { status } = await rest.repos.deleteDeployment({ ...splitRepository(repository), deployment_id: id });
        if (status !== 204) throw strangeAnswer();
        return true;
      } catch (error) {
        if (error instanceof GitHubRefusal && error.answer.status === 404) return false;
        throw explainRefusal({ clause, permission: PERMISSION }, error);
      }
    },
  };
}

interface Shown {
  readonly id: number | bigint;
  readonly sha: string;
  readonly environment: string;
  readonly task: string;
  readonly created_at: string;
}

/** @throws GitHubSilence for what is no deployment: GitHub's word on a merge, too, which nobody asked for */
function readDeployment(data: Shown | object): Deployment {
  if (!("sha" in data)) throw strangeAnswer();
  const { id, sha, environment, task, created_at } = data;
  return { id: Number(id), sha, environment, task, createdAt: new Date(created_at) };
}
