"""Words the demonstration is made of. Names are common ones put together by chance; no person or brand is meant."""

from __future__ import annotations

from typing import Final

FIRST: Final = (
    "Siti", "Nur", "Sri", "Yati", "Rohmah", "Aminah", "Halimah", "Eni", "Wati", "Dewi", "Ratna", "Lilis", "Ijah",
    "Munah", "Juju", "Neneng", "Ida", "Mimin", "Sarah", "Ahmad", "Asep", "Udin", "Maman", "Jaka", "Sobri", "Hasan",
)  # fmt: skip
LAST: Final = (
    "Rohayati", "Maryani", "Hidayah", "Sumarni", "Kurniasih", "Suryani", "Marhamah", "Nuraeni", "Fatimah", "Suhaemi",
    "Mulyani", "Komariah", "Sarifah", "Jamilah", "Hasanah", "Rukmini", "Setiawati", "Kusnadi", "Wahyuni", "Rahmat",
)  # fmt: skip

FLOWERS: Final = (
    "Melati", "Kenanga", "Cempaka", "Seroja", "Kemuning", "Teratai", "Dahlia", "Anggrek", "Mawar", "Flamboyan",
    "Tanjung", "Sedap Malam", "Bougenvil", "Wijaya Kusuma", "Kamboja", "Alamanda", "Soka", "Lestari", "Berkah",
    "Harapan", "Rezeki", "Mekar", "Subur", "Rahayu", "Sejahtera", "Makmur", "Barokah", "Pelangi", "Mentari", "Fajar",
)  # fmt: skip

SHOP_BY_TOP: Final = {
    "makanan-ringan": ("Camilan {word}", "Dapur Renyah {word}", "Keripik {word}"),
    "kue-roti": ("Kue {word}", "Dapur Kue {word}", "Jajanan {word}"),
    "lauk-olahan": ("Lauk {word}", "Dapur {word}", "Olahan {word}"),
    "siap-saji": ("Dapur {word}", "Warung {word}", "Masakan {word}"),
    "minuman": ("Wedang {word}", "Seduhan {word}", "Segar {word}"),
    "bumbu-bahan": ("Bumbu {word}", "Dapur Bumbu {word}", "Sambal {word}"),
    "hasil-tani": ("Kebun {word}", "Tani {word}", "Panen {word}"),
    "busana": ("Busana {word}", "Jahitan {word}", "Sanggar Kain {word}"),
    "aksesoris": ("Manik {word}", "Aksesoris {word}", "Galeri {word}"),
    "kerajinan": ("Kriya {word}", "Anyam {word}", "Sanggar {word}"),
    "rumah-tangga": ("Rumah {word}", "Kriya Rumah {word}", "Usaha {word}"),
    "jasa": ("Jasa {word}", "Layanan {word}", "Griya {word}"),
}

STARTS: Final = (
    "Kami mulai dari dapur rumah di {desa} dengan satu wajan.",
    "Usaha kecil dari {desa}, dikerjakan sendiri setiap pagi.",
    "Resep keluarga dari {desa} yang kami rawat sampai sekarang.",
    "Berawal dari titipan di warung tetangga di {desa}.",
    "Dibuat di teras rumah kami di {desa}, sedikit demi sedikit.",
)
MIDDLES: Final = (
    "Bahannya kami beli dari petani dan nelayan sekitar.",
    "Semua dibuat setelah ada pesanan, supaya selalu baru.",
    "Tetangga ikut membantu saat pesanan ramai.",
    "Kami pilih bahan sendiri di pasar setiap subuh.",
    "Dikerjakan dengan tangan, tidak terburu-buru.",
)
ENDS: Final = (
    "Silakan pesan dulu lewat sini, nanti kami siapkan.",
    "Untuk hajatan, pesan tiga hari sebelumnya.",
    "Terima kasih sudah membeli dari tetangga sendiri.",
    "Boleh tanya dulu lewat WhatsApp.",
    "Sisa hari ini kami jual lebih murah sore hari.",
)

LANDMARKS: Final = (
    "samping musala", "depan SD negeri", "seberang balai desa", "belakang pasar", "dekat pos ronda",
    "sebelah bengkel motor", "depan lapangan bola", "dekat jembatan kecil", "gang sebelah posyandu",
)  # fmt: skip
HOUSES: Final = (
    "Rumah cat hijau",
    "Rumah pagar bambu",
    "Warung atap seng biru",
    "Rumah cat kuning",
    "Teras ubin merah",
)
HAMLETS: Final = (
    "Kp. Sawah",
    "Kp. Pasir",
    "Kp. Kadu",
    "Kp. Baru",
    "Kp. Tengah",
    "Kp. Kebon",
    "Kp. Masjid",
    "Kp. Dukuh",
)
HOURS: Final = (
    "Setiap hari 08.00–17.00",
    "Senin–Sabtu 07.00–16.00",
    "Setiap hari 06.00–10.00",
    "Jumat libur, 08.00–16.00",
)

KINDS: Final = (
    "khas {place}", "rumahan", "kemasan hemat", "asli {place}", "pilihan", "buatan tangan", "oleh-oleh {place}",
    "porsi keluarga", "kemasan kecil", "titipan {place}",
)  # fmt: skip
MADE: Final = (
    "Dibuat kecil-kecilan di rumah, jadi selalu baru.",
    "Kami buat setiap pagi, sore biasanya sudah habis.",
    "Dibuat setelah ada pesanan.",
    "Dibuat dua kali seminggu.",
    "Dikerjakan dengan tangan.",
)
SERVICE: Final = (
    "Datang ke tempat kami atau janji dulu lewat WhatsApp.",
    "Harga untuk satu kali pengerjaan; tanya dulu untuk ukuran khusus.",
)

BUYERS: Final = ("Pak Roni", "Bu Wulan", "Teh Ani", "Kang Deden", "Bu Tuti", "Pak Harun", "Mbak Rina", "Bu Lastri")
WISHES: Final = (
    ("Keripik pisang dan keripik singkong", "Sari Kurniasih"),
    ("Sate bandeng tanpa duri", "Udin Suhaemi"),
    ("Gelang manik dan bros kain", "Lilis Hidayah"),
    ("Bubur sumsum dan kolak untuk hajatan", "Juju Komariah"),
    ("Tas anyaman pandan", "Maman Kusnadi"),
    ("Kue jojorong dan pasung", "Eni Marhamah"),
)
