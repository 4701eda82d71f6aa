declare module "bauta:assets" {
  const names: Record<string, string>;
  export default names;
}
declare module "*.svg" {
  const text: string;
  export default text;
}
