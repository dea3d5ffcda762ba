/** A program that asks nobody who he is unless it is told to, or that rules what stands behind it. */
export interface Console {
  readonly name: string;
  /** What whoever reaches it can do: the end of a sentence that begins `through which anybody may`. */
  readonly gives: string;
  /** The repository of its image, without registry, tag and digest, in lower case. */
  readonly image: RegExp;
}

const consoles: readonly Console[] = [
  {
    name: 'the dashboard of Kubernetes',
    gives: 'work with its rights on the cluster',
    image: /(?:^|\/)(?:kubernetes-)?dashboard(?:-amd64|-api|-web)?$|kubernetesui\/dashboard/,
  },
  { name: 'Weave Scope', gives: 'open shells in containers', image: /weaveworks\/scope$/ },
  {
    name: 'Argo Workflows',
    gives: 'start containers',
    image: /argoproj\/argocli$|(?:^|\/)argo-(?:server|workflow-cli)$/,
  },
  {
    name: 'Kubeflow',
    gives: 'start notebooks and containers',
    image: /(?:^|\/)(?:centraldashboard|ml-pipeline\/frontend|kubeflow-central-dashboard)(?:$|\/)/,
  },
  {
    name: 'Jenkins',
    gives: 'run programs, where strangers are let in',
    image: /(?:^|\/)jenkins(?:\/jenkins|\/inbound-agent|4eval)?$/,
  },
  { name: 'Apache NiFi', gives: 'run programs, where strangers are let in', image: /(?:^|\/)nifi$/ },
  { name: 'Portainer', gives: 'rule the engine, by whoever comes first', image: /portainer\/portainer(?:-ce|-ee)?$/ },
  {
    name: 'Jupyter',
    gives: 'run programs, where the token is known or switched off',
    image: /(?:^|\/)(?:jupyter\/[\w-]+|[\w-]+-notebook)$/,
  },
  { name: 'a Spark master', gives: 'run programs', image: /(?:^|\/)spark-master$/ },
  { name: 'Ray', gives: 'run programs', image: /(?:^|\/)rayproject\/ray(?:-ml)?$/ },
  { name: 'Apache Airflow', gives: 'run programs, where strangers are let in', image: /(?:^|\/)airflow$/ },
  { name: 'phpMyAdmin', gives: 'try passwords of the database', image: /(?:^|\/)phpmyadmin(?:\/phpmyadmin)?$/ },
  { name: 'Adminer', gives: 'try passwords of any database', image: /(?:^|\/)adminer$/ },
  { name: 'mongo-express', gives: 'read and change the database', image: /(?:^|\/)mongo-express$/ },
  { name: 'Redis Commander', gives: 'read and change the database', image: /(?:^|\/)redis-commander$/ },
  { name: 'Prometheus', gives: 'read all that is measured', image: /(?:^|\/)prom(?:etheus)?\/prometheus$/ },
  { name: 'cAdvisor', gives: 'see all containers', image: /(?:^|\/)cadvisor$/ },
  { name: 'Ollama', gives: 'load and run models', image: /(?:^|\/)ollama$/ },
  { name: 'vLLM', gives: 'use the model', image: /(?:^|\/)vllm-openai$/ },
];

/** The console that an image is; undefined for any other. */
export function consoleOf(image: string): Console | undefined {
  const repository = image
    .toLowerCase()
    .replace(/@.*$/, '')
    .replace(/:[^/:]*$/, '');
  return consoles.find((console) => console.image.test(repository));
}
