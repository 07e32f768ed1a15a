"""Two outlets' full texts of one event, and one of the same beat that tells of another."""

FIRST_REPORT = (
    "The ferry Alma Lind ran onto a sandbank off Northport at dawn on Tuesday with 212 people on "
    "board, the coast guard said. “We felt a jolt and then everything stood still,” said Berta "
    "Olsen, a nurse from Eastmoor. Two tugs from Kerrin are to pull the ship free at high water. "
    "The Northport Ferry Company said its captain had steered clear of a fishing boat. Nobody was "
    "hurt, but 14 passengers were taken to Kerrin by a lifeboat. The harbour master, Ivo Brandt, "
    "closed the western channel until Wednesday."
)
SECOND_REPORT = (
    "Passengers spent the night in the saloon after their ship got stuck. “We felt a jolt and "
    "then everything stood still,” Berta Olsen, a nurse who lives in Eastmoor, told reporters. "
    "The Alma Lind, with 212 people on board, hit a sandbank off Northport on Tuesday. A lifeboat "
    "brought 14 of them to Kerrin. Ivo Brandt, the harbour master, said the western channel would "
    "stay closed until Wednesday, when two tugs are to pull her free at high water."
)
ANOTHER_MATTER = (
    "Fares will rise by 8 per cent in spring, the chairwoman of the ferry company, Hanna Weil, "
    "said at the yearly meeting. Fuel has become dearer, and 3 new vessels have to be paid for. "
    "Commuters from Eastmoor protested with banners in front of the hall. “Nobody can live on the "
    "island and pay these prices any more,” said Tom Ferris, who speaks for 1,900 season ticket "
    "holders. The council will discuss the plan on Friday and may ask for a longer period of "
    "grace before it takes effect."
)
