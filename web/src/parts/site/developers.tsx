import { useEffect, useState } from "preact/hooks";
import { t } from "../../lib/text.ts";
import { Page } from "../../kit/page.tsx";
import { Failed, Loading } from "../../kit/parts.tsx";

interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  enum?: unknown[];
  description?: string;
}
interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema?: Schema;
}
interface Content {
  content?: Record<string, { schema?: Schema }>;
  description?: string;
}
interface Operation {
  summary?: string;
  description?: string;
  tags?: string[];
  parameters?: Parameter[];
  requestBody?: Content;
  responses?: Record<string, Content>;
}
interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, Schema> };
}

/** The description that programs read, laid out for people. */
export function Developers() {
  const [api, setApi] = useState<OpenApi | null>(null);
  const [failed, setFailed] = useState(false);
  const load = () => {
    setFailed(false);
    fetch("/api/openapi.json")
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.statusText))))
      .then(setApi, () => setFailed(true));
  };
  useEffect(load, []);
  const groups = new Map<string, [string, string, Operation][]>();
  for (const [path, methods] of Object.entries(api?.paths ?? {})) {
    for (const [method, operation] of Object.entries(methods)) {
      const group =
        operation.tags?.[0] ??
        path
          .split("/")
          .slice(1)
          .find((part) => part !== "api") ??
        path;
      groups.set(group, [...(groups.get(group) ?? []), [method.toUpperCase(), path, operation]]);
    }
  }
  return (
    <Page wide title={t("developers.title")} lead={t("developers.lead")}>
      <p>
        <a href="/api/openapi.json">openapi.json</a>
      </p>
      {failed ? (
        <Failed retry={load} />
      ) : !api ? (
        <Loading />
      ) : (
        [...groups].map(([group, rows]) => (
          <section key={group} class="stack tight" aria-labelledby={`api-${group}`}>
            <h2 id={`api-${group}`}>{group}</h2>
            {rows.map(([method, path, operation]) => (
              <details key={method + path} class="more api card">
                <summary>
                  <code>
                    <b>{method}</b> {path}
                  </code>
                  <span class="mute small" lang="en">
                    {operation.summary ?? operation.description}
                  </span>
                </summary>
                <Details api={api} operation={operation} />
              </details>
            ))}
          </section>
        ))
      )}
    </Page>
  );
}

function Details({ api, operation }: { api: OpenApi; operation: Operation }) {
  const body = operation.requestBody?.content?.["application/json"]?.schema;
  const fields = [
    ...(operation.parameters ?? [])
      .filter((one) => one.in !== "header")
      .map((one) => ({ name: one.name, must: !!one.required, schema: one.schema, where: one.in })),
    ...Object.entries(resolve(api, body)?.properties ?? {}).map(([name, schema]) => ({
      name,
      schema,
      where: "body",
      must: resolve(api, body)?.required?.includes(name) ?? false,
    })),
  ];
  return (
    <div class="stack tight" lang="en">
      {fields.length > 0 && (
        <div class="scroll-x" tabIndex={0} role="group" aria-label={t("developers.input")}>
          <table>
            <thead>
              <tr>
                <th>{t("developers.field")}</th>
                <th>{t("developers.type")}</th>
                <th>{t("developers.where")}</th>
              </tr>
            </thead>
            <tbody>
              {fields.map((one) => (
                <tr key={one.where + one.name}>
                  <td>
                    <code>{one.name}</code>
                    {one.must && <b aria-label={t("developers.required")}> *</b>}
                  </td>
                  <td>{type(api, one.schema)}</td>
                  <td>{one.where}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <ul class="answers">
        {Object.entries(operation.responses ?? {}).map(([status, one]) => (
          <li key={status}>
            <code>{status}</code> {one.description}{" "}
            <span class="mute small">{type(api, one.content?.["application/json"]?.schema)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function resolve(api: OpenApi, schema: Schema | undefined): Schema | undefined {
  const name = schema?.$ref?.split("/").at(-1);
  return name ? api.components?.schemas?.[name] : schema;
}

function type(api: OpenApi, schema: Schema | undefined): string {
  if (!schema) return "";
  if (schema.$ref) return schema.$ref.split("/").at(-1)!;
  if (schema.enum) return schema.enum.join(" | ");
  if (schema.type === "array") return `${type(api, schema.items)}[]`;
  if (schema.properties) return `{ ${Object.keys(schema.properties).join(", ")} }`;
  const name = Array.isArray(schema.type) ? schema.type.join(" | ") : (schema.type ?? "");
  return schema.format ? `${name} (${schema.format})` : name;
}
