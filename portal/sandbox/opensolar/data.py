"""What the invented customers, places and equipment are made of: names, towns, streets, hardware."""

from typing import NamedTuple


def words(text: str) -> tuple[str, ...]:
    """A table of single words, written as running text."""
    return tuple(text.split())


class Town(NamedTuple):
    locality: str
    state: str
    zip: str
    country: str
    lat: float
    lon: float
    offset: float
    """Hours east of UTC, without daylight saving."""


class Module(NamedTuple):
    activation: int
    manufacturer: str
    code: str
    watts: int


class Part(NamedTuple):
    activation: int
    manufacturer: str
    code: str
    size: float
    """kW of an inverter, kWh of a battery."""


AUSTRALIA, AMERICA = "AU", "US"
COUNTRIES = {AUSTRALIA: (14, "Australia"), AMERICA: (236, "United States")}

AUSTRALIAN_TOWNS = (
    Town("Parramatta", "NSW", "2150", AUSTRALIA, -33.8150, 151.0011, 10.0),
    Town("Newcastle", "NSW", "2300", AUSTRALIA, -32.9283, 151.7817, 10.0),
    Town("Broken Hill", "NSW", "2880", AUSTRALIA, -31.9539, 141.4539, 9.5),
    Town("Ballarat", "VIC", "3350", AUSTRALIA, -37.5622, 143.8503, 10.0),
    Town("Geelong", "VIC", "3220", AUSTRALIA, -38.1499, 144.3617, 10.0),
    Town("Toowoomba", "QLD", "4350", AUSTRALIA, -27.5598, 151.9507, 10.0),
    Town("Townsville", "QLD", "4810", AUSTRALIA, -19.2590, 146.8169, 10.0),
    Town("Glenelg", "SA", "5045", AUSTRALIA, -34.9804, 138.5145, 9.5),
    Town("Darwin", "NT", "0800", AUSTRALIA, -12.4634, 130.8456, 9.5),
    Town("Fremantle", "WA", "6160", AUSTRALIA, -32.0569, 115.7439, 8.0),
    Town("Hobart", "TAS", "7000", AUSTRALIA, -42.8821, 147.3272, 10.0),
)
AMERICAN_TOWNS = (
    Town("Austin", "TX", "78704", AMERICA, 30.2430, -97.7650, -6.0),
    Town("Boulder", "CO", "80302", AMERICA, 40.0150, -105.2705, -7.0),
    Town("Tucson", "AZ", "85701", AMERICA, 32.2217, -110.9265, -7.0),
    Town("Sacramento", "CA", "95814", AMERICA, 38.5816, -121.4944, -8.0),
    Town("Hilo", "HI", "96720", AMERICA, 19.7071, -155.0816, -10.0),
    Town("Burlington", "VT", "05401", AMERICA, 44.4759, -73.2121, -5.0),
)
STREETS = (
    "Faraday Street",
    "Ampère Avenue",
    "Volta Road",
    "Kelvin Crescent",
    "Photon Lane",
    "Becquerel Drive",
    "Hertz Terrace",
    "Maxwell Close",
    "Selenium Way",
    "Solstice Parade",
    "Meridian Place",
    "Old Observatory Road",
    "Prism Court",
    "Zenith Boulevard",
)
SCRIPT_STREET = '<script>alert("roof")</script> Street'

FIRST_NAMES = words(
    "Albert Amalie Anders André Annie Antoine Benjamin Caroline Cecilia Charles Chien-Shiung Christiaan Daniel Dorothy "
    "Edmond Émilie Enrico Ernest Evangelista Galileo George Georg Gottfried Hans Heinrich Hendrik Henrietta Hertha "
    "Humphry Ida Inge Irène Isaac James Jagadish Jocelyn Johannes Joseph Katharine Laura Leonhard Lise Ludwig Luigi "
    "Marguerite Maria Marie Mary Max Michael Mileva Niels Nikola Otto Pieter Ruby Rosalind Robert Satyendra Simon "
    "Søren Subrahmanyan Tycho Vera Wilhelm William Zdenka Žofia"
)
FAMILY_NAMES = words(
    "Ampère Ångström Avogadro Ayrton Bassi Becquerel Bernoulli Bohr Boltzmann Bose Boyle Bragg Cannon Cavendish "
    "Celsius Chandrasekhar Châtelet Coulomb Curie Daguerre Einstein Euler Fahrenheit Faraday Fermi Feynman Foucault "
    "Franklin Fraunhofer Fresnel Fritts Galvani Gauss Gibbs Goeppert Hahn Halley Heaviside Helmholtz Henry Herschel "
    "Hertz Hodgkin Hooke Huygens Joule Kelvin Kepler Kirchhoff Lagrange Landau Langevin Laplace Leavitt Lehmann "
    "Lorentz Maxwell Meitner Michelson Millikan Newton Noddack Noether Œrsted Ohm Pascal Pauli Payne Planck Poincaré "
    "Raman Rayleigh Röntgen Rubin Rutherford Schrödinger Snell Somerville Stokes Telkes Tesla Thomson Torricelli "
    "Volta Watt Weber Wheatstone Wu Yalow Zernike O'Raifeartaigh"
)
WHOLE_NAMES = (("四光", "李"), ("健雄", "吳"), ("秀樹", "湯川"), ("Дмитрий", "Менделеев"), ("Ιππαρχος", "Νικαιεύς"))
BUSINESSES = (
    "Galvanic Bakery",
    "Leyden Jar Preserves",
    "Camera Obscura Café",
    "Pendulum Clock & Sons",
    "Vacuum Pump Hire Pty Ltd",
    "Aurora Borealis Laundry",
    "Thermopile Greenhouses",
)

MODULES = (
    Module(613, "Selenium Cell Works", "SCW-440N", 440),
    Module(614, "Selenium Cell Works", "SCW-415B", 415),
    Module(615, "Bell & Chapin Silicon", "BC-400", 400),
    Module(616, "Perovskia Énergie", "PÉ-430-HJT", 430),
    Module(617, "Northlight Photovoltaics", "NL370-60", 370),
)
INVERTERS = (
    Part(701, "Steinmetz Electric", "SE-5000", 5.0),
    Part(702, "Steinmetz Electric", "SE-8200T", 8.2),
    Part(703, "Ferraris Drives", "FD-6.0H", 6.0),
    Part(704, "Ferraris Drives", "FD-10.0H", 10.0),
)
BATTERIES = (
    Part(801, "Planté Storage", "PS-9.8", 9.8),
    Part(802, "Daniell Cells", "DC-13.5", 13.5),
    Part(803, "Daniell Cells", "DC-6.4", 6.4),
)
OTHERS = (Part(901, "Wheatstone Bridge Co.", "DC-ISOLATOR-32", 0), Part(902, "Wheatstone Bridge Co.", "EV-7", 0))

LEAD_SOURCES = ("", "Referral", "Website", "Door knock", "Trade fair", "Radio", "Existing customer")
NOTES = (
    "",
    "",
    "Has a pool; heats it in spring.",
    "Wants the switchboard moved first.",
    "Call after five, works nights.",
    "Shade from a jacaranda on the north face.",
    "Second storey is new, plans are in the files.",
    "Asked for a battery quote as well — Zürich cousin has one.",
)
SITE_NOTES = ("", "", "Dog in the yard.", "Key with the neighbour at number 4.", "Tile roof, some broken.")
TAGS = ("EV", "Battery interest", "Follow-up", "Finance", "Heritage area")
TARIFFS = (
    (4011, "Meridian Grid", "Residential Flat", 0.31),
    (4012, "Meridian Grid", "Time of Use", 0.27),
    (4020, "Prairie Power", "E-27", 0.14),
    (4031, "Coastal Energy", "Small Business", 0.24),
)
PAYMENT_OPTIONS = (242, 243, 244)
PRICING_SCHEMES = (1408, 1409)
