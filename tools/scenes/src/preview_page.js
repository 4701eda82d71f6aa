// Runs in the browser: ?scene=lounge[&cam=x,y,z,tx,ty,tz][&low=1]
import * as THREE from 'three';
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';
import { MeshoptDecoder } from 'three/addons/libs/meshopt_decoder.module.js';
import { RoomEnvironment } from 'three/addons/environments/RoomEnvironment.js';

const ask = new URLSearchParams(location.search);
const plan = await (await fetch(`/assets/scenes/${ask.get('scene')}.json`)).json();
const renderer = new THREE.WebGLRenderer({ antialias: true, preserveDrawingBuffer: true });
renderer.setSize(innerWidth, innerHeight);
renderer.toneMapping = THREE.ACESFilmicToneMapping;
renderer.toneMappingExposure = 1.05;
renderer.shadowMap.enabled = true;
renderer.shadowMap.type = THREE.PCFShadowMap;
document.body.append(renderer.domElement);

const scene = new THREE.Scene();
scene.background = new THREE.Color(plan.background);
const room = new RoomEnvironment();
scene.environment = new THREE.PMREMGenerator(renderer).fromScene(room, 0.04).texture;
scene.environmentIntensity = plan.environment ?? 0.35;
const { sky, ground, intensity } = plan.ambient;
scene.add(new THREE.HemisphereLight(sky, ground, intensity));
const sun = new THREE.DirectionalLight(plan.sun.colour, plan.sun.intensity);
sun.position.set(...plan.sun.position);
sun.castShadow = true;
const far = Math.hypot(...plan.size) / 2 + 0.5;
sun.shadow.mapSize.set(2048, 2048);
Object.assign(sun.shadow.camera, {
  left: -far,
  right: far,
  top: far,
  bottom: -far,
  near: 0.5,
  far: 30,
});
sun.shadow.bias = -0.0004;
sun.shadow.normalBias = 0.03;
sun.shadow.radius = 4;
scene.add(sun, sun.target);
for (const lamp of plan.lamps) {
  const light = new THREE.PointLight(lamp.colour, lamp.intensity, lamp.distance, 1.8);
  light.position.set(...lamp.position);
  scene.add(light);
}

const loader = new GLTFLoader().setMeshoptDecoder(MeshoptDecoder);
const glb = await loader.loadAsync(`/assets/scenes/${plan.id}.glb`);
glb.scene.traverse((o) => {
  if (!o.isMesh) return;
  o.castShadow = o.userData.cast === true;
  o.receiveShadow = o.userData.receive !== false;
});
scene.add(glb.scene);

const camera = new THREE.PerspectiveCamera(38, innerWidth / innerHeight, 0.1, 90);
const at = ask.get('cam')?.split(',').map(Number) ?? [
  ...plan.camera.position,
  ...plan.camera.target,
];
camera.position.set(...at.slice(0, 3));
camera.lookAt(...at.slice(3));

renderer.render(scene, camera);
renderer.render(scene, camera);
console.log(JSON.stringify(renderer.info.render));
window.DONE = true;
