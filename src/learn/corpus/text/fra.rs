//! French. Nouns come with their article, so that what is said of them can stay the same for both genders.

use super::Lists;

pub(super) const LISTS: Lists = &[
    (
        "sentence",
        &[
            "{qui} {fait} {chose} {lieu}",
            "{quand}, {qui} {fait} {chose}",
            "{chose} {lieu}, c'est {comment}",
            "{qui} {fait} {nombre} {choses}, mais pas {chose}",
            "il y a {chose} {lieu}, et {chose} {lieu}",
            "regarde là-bas, c'est {chose} et {chose}",
            "je pense que {chose}, c'est {tres} {comment}",
            "tu devrais {faire} {chose} {quand}",
            "{question} est-ce que tu veux {faire} {chose}?",
            "d'abord on va {faire} {chose}, ensuite {chose}",
            "{chose}, c'était {taille}, {taille} comme {image}",
            "personne ne veut {faire} {chose} {lieu}",
            "si tu veux {faire} {chose}, il faut le dire {quand}",
            "{gens} m'a montré {chose} {lieu}",
            "{chose}, d'un côté c'est {comment}, de l'autre c'est {comment}",
            "nous allons tous {faire} {chose} {quand}",
            "ma {parente} et ton {parent} vont {faire} {chose} ensemble",
            "pourquoi ne pas {faire} {chose} {lieu}?",
            "d'ici à {ville}, il faut {nombre} heures pour {faire} {chose}",
            "tout est {tres} {comment} {lieu}",
        ],
    ),
    (
        "qui",
        &["il", "elle", "on", "mon frère", "ma sœur", "ton oncle", "notre ami", "ce monsieur", "la voisine", "Julien"],
    ),
    (
        "gens",
        &["le docteur", "ma tante", "Agnès", "le facteur", "un jeune homme", "la bouchère", "Guillaume", "leur fille"],
    ),
    ("parent", &["frère", "cousin", "père", "neveu", "voisin", "grand-père"]),
    ("parente", &["sœur", "cousine", "mère", "nièce", "tante", "fille"]),
    (
        "fait",
        &[
            "regarde", "cherche", "montre", "voit", "prend", "touche", "connaît", "oublie", "garde", "dessine",
            "attend", "achète", "lave", "gagne", "trouve", "veut", "aime", "demande", "choisit", "porte", "pousse",
            "brûle", "jette",
        ],
    ),
    (
        "faire",
        &[
            "regarder",
            "chercher",
            "montrer",
            "voir",
            "prendre",
            "toucher",
            "connaître",
            "oublier",
            "garder",
            "dessiner",
            "attendre",
            "acheter",
            "laver",
            "trouver",
            "ouvrir",
            "fermer",
            "choisir",
            "porter",
            "suivre",
            "peindre",
        ],
    ),
    (
        "chose",
        &[
            "le chat",
            "le jardin",
            "un garçon",
            "le village",
            "un gâteau",
            "ce poisson",
            "le train",
            "du pain",
            "un livre",
            "le bouton",
            "le feu",
            "mon cheval",
            "un agneau",
            "le parfum",
            "ton pantalon",
            "le soleil",
            "un journal",
            "le mur",
            "le nuage",
            "un fruit",
            "le moulin",
            "le vent",
            "un bijou",
            "le lapin",
            "ce peintre",
            "un ruban",
            "la maison",
            "une montagne",
            "la voiture",
            "cette rue",
            "la lune",
            "une pomme",
            "la fleur",
            "sa chambre",
            "une vache",
            "l'école",
            "une feuille",
            "la neige",
            "la bouche",
            "une guitare",
            "la nuit",
            "la plage",
            "ta main",
            "une jupe",
            "la soupe",
            "une chaise",
            "la lampe",
            "la forêt",
            "cette cuisine",
            "la vigne",
            "une huître",
        ],
    ),
    (
        "choses",
        &["pommes", "maisons", "lettres", "chiens", "histoires", "feuilles", "bateaux", "doigts", "ponts", "juges"],
    ),
    ("nombre", &["deux", "trois", "quatre", "cinq", "sept", "cent", "douze", "dix", "vingt"]),
    ("taille", &["grand", "petit", "énorme", "minuscule", "long", "large", "haut", "rond", "court"]),
    ("image", &["une montagne", "mon pouce", "une baleine", "cette salle", "un œuf", "la lune", "une souris"]),
    (
        "comment",
        &[
            "étrange",
            "tranquille",
            "lourd",
            "beau",
            "chaud",
            "froid",
            "joli",
            "nouveau",
            "dangereux",
            "célèbre",
            "faux",
            "possible",
            "cher",
            "frais",
            "joyeux",
            "bizarre",
            "humide",
            "brun",
            "bien",
            "loin",
            "commun",
        ],
    ),
    ("tres", &["très", "assez", "si", "vraiment", "trop", "plutôt"]),
    (
        "lieu",
        &[
            "dans le jardin",
            "sous le pont",
            "près de la gare",
            "chez nous",
            "au bord du lac",
            "avec un ami",
            "sans bruit",
            "devant la porte",
            "en ville",
            "là-bas",
            "ici",
            "en haut de la colline",
            "en bas dans la vallée",
            "très loin",
            "autour de la place",
            "entre les arbres",
            "derrière l'église",
        ],
    ),
    (
        "quand",
        &[
            "demain",
            "ce matin",
            "lundi",
            "toujours",
            "en juin",
            "chaque soir",
            "souvent",
            "depuis un an",
            "aujourd'hui",
            "encore une fois",
            "avant midi",
            "bientôt",
            "l'hiver dernier",
        ],
    ),
    ("question", &["pourquoi", "quand", "comment", "où"]),
    ("ville", &["Lyon", "la côte", "Bordeaux", "chez moi", "Avignon", "la frontière"]),
];

/// Words for what is missing: all classes of sounds at their beginning, at their end and within.
pub(super) const WORDS: &str = "pas bas tas dos cas gant fou vous sous zoo chou joue mou nous lit riz oui huit yeux si fée thé \
    été lait paix feu peu deux nœud rue vue tu jus eau beau pot sot roue doux bout cou an dent vent banc bon pont son long \
    pain vin main fin brun un lundi parfum œuf peur sœur fleur beurre jeune seul neuf robe tube jambe tombe code aide \
    monde bague langue vague cap soupe jupe note fête porte sac lac banque coq chef neuf soif actif cave rêve neuve vive \
    glace tasse os rose chose gaz vase bouche vache riche plage neige rouge âge page gomme femme lampe lame âne lune \
    panne montagne ligne vigne signe parking camping balle école fil poule bar mer soir dur fille travail soleil feuille \
    œil abeille famille ami aller arbre animal âme or orage oncle ombre onze ongle île idée image hiver utile usine une \
    humain heure œuvre euro eux air aile elle herbe enfant encore ensemble entre insecte intérieur impossible important \
    pied bien rien lion avion piano ciel vieux mieux nuit fruit pluie suite lui cuisine huile oiseau oie ouest oiseau \
    voix roi bois moi trois loin point coin moins soin besoin yaourt yoga hier hyène wagon week-end kiwi watt ouate \
    théâtre poète océan aéré réel noël maïs naïf pays cahier Israël créer agréable géant néant chaos cacao oasis \
    duo cruel nuage tuer suer lueur sueur joueur rouer louer chouette février janvier ouvrier tablier sanglier \
    plat bleu blanc classe clé glace flamme fleur prêt bras train drap crabe gris frère vrai livre ministre sucre tigre \
    table oncle aigle souffle peuple simple lettre mettre cadre poudre psaume stade sport ski spectacle structure scrupule \
    texte taxi exact examen accès expert film calme palme carte corde marche large verbe ferme forme charme berge force \
    bourse merle perle orgue barque cirque arme arc ours turc bleu creux jeu vœu lieu cieux cheveu neveu aveu peureux \
    brune lune dune plume fumée culture pur dur mur sur pull bulle rugueux jumeau musée numéro unité union humeur \
    emprunt lointain demain matin jardin copain humain chemin dessin bassin requin raisin voisin cousin bouquin moyen \
    chanson maison poisson garçon bouton mouton crayon rayon camion avion ballon melon citron patron torchon cochon \
    enfance dimanche danse chance lente plante tante ventre centre membre chambre jambe lampe rampe bande viande manger \
    longue ronde monde compte conte honte montre ombre nombre pompe bombe tombe plonge songe éponge oncle bronze \
    linge singe prince mince simple timbre peindre craindre joindre ceinture peinture teinture quinze cinq onze \
    gageure meute émeute neutre feutre jeûne meule veule seuil deuil fauteuil accueil orgueil cercueil écureuil";

/// Carrier sentences.
pub(super) const FRAMES: &[&str] = &[
    "dis {} encore une fois",
    "maintenant lis {} à voix haute",
    "les mots {} sont ici",
    "écris {} sur la feuille",
    "il a dit {} deux fois",
    "répète {} pour moi",
    "j'ai entendu {} ce matin",
    "tu vois {} dans le livre",
];
