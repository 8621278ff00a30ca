"""What is counted of packages, against what their rows make."""

from sqlalchemy import Connection, case, func, select, true

from filemanager.db.packages.kept import CHARGED_TEXT
from filemanager.db.packages.tables import data_packages, package_folders, package_items
from filemanager.db.trees.lives import living
from filemanager.db.trees.tables import trees
from filemanager.domain.packages.data_package import DataPackage
from filemanager.domain.packages.sums import PackageSums


def counted(connection: Connection, package: DataPackage) -> PackageSums:
    kept = (
        select(trees.c.kept_bytes)
        .join(data_packages, data_packages.c.tree_id == trees.c.id)
        .where(data_packages.c.number == package.number)
    )
    return PackageSums(
        items=package.items,
        folders=package.folders,
        size_bytes=package.size_bytes,
        text_bytes=package.text_bytes,
        kept_bytes=int(connection.scalar(kept) or 0),
    )


def found(connection: Connection, package: DataPackage) -> PackageSums:
    text = case((package_items.c.is_text == true(), package_items.c.size_bytes), else_=0)
    of_items = select(func.count(), func.sum(package_items.c.size_bytes), func.sum(text)).where(
        living(package_items, package.tree_id)
    )
    of_folders = select(func.count()).where(living(package_folders, package.tree_id))
    charged = select(func.sum(CHARGED_TEXT)).where(package_items.c.tree_id == package.tree_id)
    items, size_bytes, text_bytes = connection.execute(of_items).one()
    # A sum of integers is a decimal on two of the three databases, and of nothing it is null.
    return PackageSums(
        items=items,
        folders=connection.scalar(of_folders) or 0,
        size_bytes=int(size_bytes or 0),
        text_bytes=int(text_bytes or 0),
        kept_bytes=int(connection.scalar(charged) or 0),
    )
