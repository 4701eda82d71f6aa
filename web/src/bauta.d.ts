declare module "bauta:assets" {
  const names: Record<string, string>;
  export default names;
}
declare module "*.svg" {
  const text: Svg;
  export default text;
}
/** The text of a picture that was imported. */
type Svg = string & { readonly svg: true };
