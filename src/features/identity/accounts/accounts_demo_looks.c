#include "features/identity/accounts/accounts.h"

/*
 * What the people of a demo look like: each a recipe of its own (looks/recipe.h), for all that one
 * can be and wear, of many ages, with aids and without, for feasts and for every day.
 */
const char *const accounts_demo_looks[] = {
    /* Budi Santoso */
    "{\"v\":1,\"body\":{\"age\":30,\"figure\":70,\"weight\":30},\"face\":{\"nose_width\":30,"
    "\"dimples\":50,\"face_round\":30},\"skin\":7,\"marks\":{\"stubble\":30},"
    "\"wear\":[{\"id\":\"brows_bold\",\"colours\":[0]},{\"id\":\"lashes\"},"
    "{\"id\":\"hair_side_part\",\"colours\":[0,1]},{\"id\":\"beard_moustache\","
    "\"colours\":[0]},{\"id\":\"chinos\",\"colours\":[30]},{\"id\":\"camp_shirt\","
    "\"colours\":[10,6],\"pattern\":29,\"pattern_colour\":6},{\"id\":\"loafers\","
    "\"colours\":[4,4]},{\"id\":\"glasses_square\",\"colours\":[0]}]}",
    /* Mia */
    "{\"v\":1,\"body\":{\"figure\":-70,\"height\":30},\"face\":{\"eye_size\":20,"
    "\"nose_tip\":30},\"eyes\":6,\"marks\":{\"freckles\":80,\"blush\":40},"
    "\"wear\":[{\"id\":\"brows_soft\",\"colours\":[10]},{\"id\":\"lashes\"},"
    "{\"id\":\"hair_braids\",\"colours\":[10,11]},{\"id\":\"summer_dress\",\"colours\":[24,"
    "1],\"pattern\":10,\"pattern_colour\":0},{\"id\":\"cardigan\",\"colours\":[6,7]},"
    "{\"id\":\"espadrilles\",\"colours\":[1,3]},{\"id\":\"hat_flowers\",\"colours\":[23,8]}]}",
    /* Amara */
    "{\"v\":1,\"body\":{\"figure\":-80,\"muscle\":20,\"height\":50},"
    "\"face\":{\"nose_width\":40,\"lip_upper\":50,\"lip_lower\":50,\"cheek_bones\":60},"
    "\"skin\":12,\"marks\":{\"lips\":60,\"shade\":50},\"wear\":[{\"id\":\"brows_arched\","
    "\"colours\":[0]},{\"id\":\"lashes\"},{\"id\":\"hair_puff\",\"colours\":[0,1]},"
    "{\"id\":\"evening_gown\",\"colours\":[15,6]},{\"id\":\"platforms\",\"colours\":[4,4]},"
    "{\"id\":\"ear_hoops\",\"colours\":[4]},{\"id\":\"wrist_bangles\",\"colours\":[4]}]}",
    /* Dewi */
    "{\"v\":1,\"body\":{\"age\":15,\"figure\":-60,\"weight\":-10,\"height\":-40},"
    "\"face\":{\"eye_fold\":40,\"face_heart\":40},\"skin\":5,\"eyes\":1,"
    "\"marks\":{\"lips\":30,\"nails\":5},\"wear\":[{\"id\":\"brows_soft\",\"colours\":[1]},"
    "{\"id\":\"lashes\"},{\"id\":\"hair_low_bun\",\"colours\":[0,2]},{\"id\":\"midi_skirt\","
    "\"colours\":[22,22],\"pattern\":14,\"pattern_colour\":1},{\"id\":\"turtleneck\","
    "\"colours\":[1,1]},{\"id\":\"long_cardigan\",\"colours\":[13,13]},"
    "{\"id\":\"ankle_boots\",\"colours\":[4,4]},{\"id\":\"glasses_round\",\"colours\":[4]},"
    "{\"id\":\"cochlear_implant\",\"colours\":[3,5]}]}",
    /* Leo */
    "{\"v\":1,\"body\":{\"figure\":70,\"muscle\":40,\"height\":30},"
    "\"face\":{\"nose_bridge\":30,\"jaw_width\":30},\"skin\":2,\"eyes\":6,"
    "\"marks\":{\"stubble\":40,\"tattoo_forearm_left\":6,\"tattoo_forearm_right\":3},"
    "\"wear\":[{\"id\":\"brows_straight\",\"colours\":[4]},{\"id\":\"lashes\"},"
    "{\"id\":\"hair_messy\",\"colours\":[5,7]},{\"id\":\"beard_short\",\"colours\":[4]},"
    "{\"id\":\"long_shorts\",\"colours\":[30]},{\"id\":\"tee\",\"colours\":[9,1]},"
    "{\"id\":\"denim_jacket\",\"colours\":[19,20]},{\"id\":\"high_tops\",\"colours\":[31,0]},"
    "{\"id\":\"wrist_wristbands\",\"colours\":[31]},{\"id\":\"leg_prosthesis\","
    "\"colours\":[29,8]}]}",
    /* Siti */
    "{\"v\":1,\"body\":{\"age\":20,\"figure\":-75,\"weight\":15},\"face\":{\"eye_size\":20,"
    "\"face_round\":30},\"skin\":6,\"eyes\":1,\"marks\":{\"lips\":30,\"liner\":50},"
    "\"wear\":[{\"id\":\"brows_arched\",\"colours\":[1]},{\"id\":\"lashes\"},"
    "{\"id\":\"abaya\",\"colours\":[22,6]},{\"id\":\"flats\",\"colours\":[3,3]},"
    "{\"id\":\"scarf_hijab\",\"colours\":[1],\"pattern\":14,\"pattern_colour\":6},"
    "{\"id\":\"back_satchel\",\"colours\":[4,4]}]}",
    /* Ada Mensah */
    "{\"v\":1,\"body\":{\"age\":90,\"figure\":-70,\"weight\":35,\"height\":-40},"
    "\"face\":{\"eye_bag\":40,\"face_lines\":70,\"ear_lobe\":50},\"skin\":11,"
    "\"marks\":{\"spots\":40},\"wear\":[{\"id\":\"brows_thin\",\"colours\":[13]},"
    "{\"id\":\"lashes\"},{\"id\":\"hair_afro_short\",\"colours\":[14,14]},{\"id\":\"kaftan\","
    "\"colours\":[9,6],\"pattern\":20,\"pattern_colour\":6},{\"id\":\"slippers\","
    "\"colours\":[6,6]},{\"id\":\"glasses_half\",\"colours\":[4]},{\"id\":\"neck_beads\","
    "\"colours\":[7,8]},{\"id\":\"cane\",\"colours\":[4,3]}]}",
    /* Lars Holm */
    "{\"v\":1,\"body\":{\"age\":85,\"figure\":70,\"height\":10},\"face\":{\"nose_round\":70,"
    "\"face_lines\":90,\"ear_size\":60},\"eyes\":6,\"marks\":{\"blush\":50,\"spots\":50},"
    "\"wear\":[{\"id\":\"brows_bushy\",\"colours\":[14]},{\"id\":\"lashes\"},"
    "{\"id\":\"hair_ring\",\"colours\":[14,14]},{\"id\":\"beard_full\",\"colours\":[14]},"
    "{\"id\":\"wide_trousers\",\"colours\":[26]},{\"id\":\"chunky_knit\",\"colours\":[17,0]},"
    "{\"id\":\"hiking_boots\",\"colours\":[4,8]},{\"id\":\"hearing_aids\",\"colours\":[5]}]}",
    /* Priya Raman */
    "{\"v\":1,\"body\":{\"age\":25,\"figure\":-85,\"weight\":20},\"face\":{\"eye_size\":30,"
    "\"nose_depth\":40,\"lip_upper\":30},\"skin\":8,\"marks\":{\"lips\":70,\"liner\":60,"
    "\"nails\":3},\"wear\":[{\"id\":\"brows_arched\",\"colours\":[0]},{\"id\":\"lashes\"},"
    "{\"id\":\"hair_braid\",\"colours\":[0,1]},{\"id\":\"long_sleeve_gown\",\"colours\":[11,"
    "6],\"pattern\":17,\"pattern_colour\":6},{\"id\":\"flats\",\"colours\":[6,6]},"
    "{\"id\":\"ear_drops\",\"colours\":[4,2]},{\"id\":\"neck_necklace\",\"colours\":[4,2]},"
    "{\"id\":\"wrist_bangles\",\"colours\":[4]}]}",
    /* Otis Bell */
    "{\"v\":1,\"body\":{\"figure\":85,\"weight\":70,\"height\":25},"
    "\"face\":{\"nose_width\":80,\"lip_lower\":40,\"face_full\":60},\"skin\":13,"
    "\"wear\":[{\"id\":\"brows_bold\",\"colours\":[0]},{\"id\":\"lashes\"},"
    "{\"id\":\"hair_fade\",\"colours\":[0,1]},{\"id\":\"beard_goatee\",\"colours\":[0]},"
    "{\"id\":\"joggers\",\"colours\":[27,6]},{\"id\":\"hoodie\",\"colours\":[6,31]},"
    "{\"id\":\"sneakers\",\"colours\":[0,9]},{\"id\":\"hat_headphones\",\"colours\":[30,9]},"
    "{\"id\":\"wheelchair\",\"colours\":[9,30]}]}",
    /* Eun Seo */
    "{\"v\":1,\"body\":{\"figure\":-40,\"weight\":45,\"height\":-60},"
    "\"face\":{\"eye_fold\":90,\"eye_lid\":40,\"nose_bridge\":-50,\"face_round\":60},"
    "\"skin\":1,\"marks\":{\"blush\":60,\"glitter\":50,\"nails\":11},"
    "\"wear\":[{\"id\":\"brows_straight\",\"colours\":[15]},{\"id\":\"lashes\"},"
    "{\"id\":\"hair_space_buns\",\"colours\":[15,19]},{\"id\":\"tights\",\"colours\":[14]},"
    "{\"id\":\"pleated_skirt\",\"colours\":[31,11],\"pattern\":4,\"pattern_colour\":11},"
    "{\"id\":\"puff_blouse\",\"colours\":[0,12]},{\"id\":\"tall_boots\",\"colours\":[31,31]},"
    "{\"id\":\"glasses_cat\",\"colours\":[7]},{\"id\":\"back_backpack\",\"colours\":[14,"
    "11]}]}",
    /* Tomas Vega */
    "{\"v\":1,\"body\":{\"age\":40,\"figure\":65,\"weight\":10,\"height\":-20},"
    "\"face\":{\"nose_length\":30,\"face_width\":40,\"ear_out\":50},\"skin\":4,\"eyes\":2,"
    "\"wear\":[{\"id\":\"brows_angled\",\"colours\":[1]},{\"id\":\"lashes\"},"
    "{\"id\":\"hair_curly\",\"colours\":[1,3]},{\"id\":\"beard_circle\",\"colours\":[1]},"
    "{\"id\":\"slim_trousers\",\"colours\":[20]},{\"id\":\"shirt\",\"colours\":[0,0]},"
    "{\"id\":\"waistcoat\",\"colours\":[13,6],\"pattern\":13,\"pattern_colour\":6},"
    "{\"id\":\"suit_jacket\",\"colours\":[20,20]},{\"id\":\"brogues\",\"colours\":[31,4]},"
    "{\"id\":\"hat_fedora\",\"colours\":[20,13]},{\"id\":\"sunglasses_round\",\"colours\":[0,"
    "0]},{\"id\":\"neck_bow_tie\",\"colours\":[9,9]},{\"id\":\"white_cane\",\"colours\":[0,"
    "9]}]}",
};
_Static_assert(COUNT(accounts_demo_looks) == ACCOUNTS_DEMO_PEOPLE, "each has a look");
